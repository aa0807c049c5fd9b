// The deployment file, checked once and strictly: everything below it gets typed values.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { parse } from 'yaml';
import { MSK_AUTHS, type MskAuth } from '../lib/collect/msk/bootstrap.ts';
import { EXPORTER_PORTS } from '../lib/collect/open-monitoring/exporters.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, '..');

/** The file cannot be used; one line that says where and what is allowed. */
export class DeploySettingsError extends Error {
  override name = 'DeploySettingsError';
}

const CLUSTER_ARN = /^arn:(aws[a-z-]*):kafka:([a-z0-9-]+):(\d{12}):cluster\/([A-Za-z0-9-]{1,64})\/[0-9a-f-]{36}-s?\d+$/;
const id = (prefix: string, what: string) =>
  v.pipe(
    v.string(),
    v.regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `expected ${what} like ${prefix}-0123456789abcdef0`),
  );
const emails = v.optional(v.array(v.pipe(v.string(), v.email('expected an e-mail address'))), []);
const integer = (min: number, max: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max, `expected ${min} to ${max}`));
const timeZone = v.pipe(
  v.string(),
  v.check((zone) => isTimeZone(zone), 'expected an IANA time zone like Europe/Berlin'),
);

/** With the six characters that AWS adds to the name: without them the permission would cover no secret. */
const SECRET_ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/;
/** No alias: IAM permits keys, not names of keys. */
const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(?:mrk-)?[0-9a-f-]{32,36}$/;
/** MSK's port of each way in, inside the VPC. https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html */
const PORT_OF: Readonly<Record<MskAuth, number>> = { iam: 9098, scram: 9096, mtls: 9094, tls: 9094, none: 9092 };

/** Where the brokers' exporters listen. */
const EXPORTER_PORTS_OF_BROKERS = Object.values(EXPORTER_PORTS);

const collectorFields = v.strictObject({
  vpcId: id('vpc', 'a VPC id'),
  subnetIds: v.pipe(v.array(id('subnet', 'a subnet id')), v.minLength(1, 'expected at least one subnet')),
  securityGroupIds: v.optional(v.array(id('sg', 'a security group id')), []),
  brokerSecurityGroupId: id('sg', 'a security group id'),
  auth: v.optional(v.picklist(MSK_AUTHS, `expected one of ${MSK_AUTHS.join(', ')}`), 'iam'),
  secretArn: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        SECRET_ARN,
        'expected the whole ARN of a secret like arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_reader-AbCdEf',
      ),
    ),
  ),
  secretKeyArn: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        KEY_ARN,
        'expected the ARN of a key, not of an alias, like arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      ),
    ),
  ),
  ports: v.optional(v.pipe(v.array(integer(1, 65535)), v.minLength(1, 'expected at least one port'))),
  manageBrokerIngress: v.optional(v.boolean(), false),
  readData: v.optional(v.boolean(), false),
  openMonitoring: v.optional(v.boolean(), false),
});
type CollectorFields = v.InferOutput<typeof collectorFields>;

const collectorSchema = v.pipe(
  collectorFields,
  v.forward(
    v.check(
      ({ auth, secretArn }: CollectorFields) => secretArn !== undefined || !needsSecret(auth),
      'expected with auth: scram and mtls, whose credentials lie in a secret of AWS Secrets Manager',
    ),
    ['secretArn'],
  ),
  v.forward(
    v.check(
      ({ auth, secretArn }: CollectorFields) => secretArn === undefined || needsSecret(auth),
      'allowed with auth: scram and mtls only',
    ),
    ['secretArn'],
  ),
  v.forward(
    v.check(
      ({ secretArn, secretKeyArn }: CollectorFields) =>
        secretKeyArn === undefined || (secretArn !== undefined && regionOf(secretArn) === regionOf(secretKeyArn)),
      'allowed with secretArn only, and expected in its Region',
    ),
    ['secretKeyArn'],
  ),
  v.transform(({ openMonitoring, ...collector }) => ({
    ...collector,
    ports: [...(collector.ports ?? [PORT_OF[collector.auth]]), ...(openMonitoring ? EXPORTER_PORTS_OF_BROKERS : [])],
  })),
);

const settingsSchema = v.strictObject({
  clusters: v.pipe(
    v.array(v.pipe(v.string(), v.regex(CLUSTER_ARN, 'expected the ARN of an MSK cluster'))),
    v.minLength(1, 'expected at least one cluster ARN'),
    v.check(
      (arns) => new Set(arns.map((arn) => arn.split(':').slice(1, 5).join(':'))).size === 1,
      'all clusters must lie in one account and Region; deploy once for each',
    ),
    v.check(
      (arns) => new Set(arns.map(nameOf)).size === arns.length,
      'a cluster is listed twice: one account and Region has each name once',
    ),
  ),
  schedule: v.strictObject({
    hour: integer(0, 23),
    minute: v.optional(integer(0, 59), 0),
    timeZone: v.optional(timeZone, 'UTC'),
    flexibleWindowMinutes: v.optional(integer(0, 1440), 15),
  }),
  reportEmails: emails,
  opsEmails: emails,
  policyFile: v.optional(v.string()),
  collector: v.optional(collectorSchema),
  reportRetentionDays: v.optional(integer(30, 3650), 400),
  /** AWS charges for each question to Cost Explorer. */
  readBill: v.optional(v.boolean(), false),
});

export type DeploySettings = v.InferOutput<typeof settingsSchema> & {
  account: string;
  region: string;
  /** Where relative paths of the file start. */
  directory: string;
};

/** The named file, else msk-checkup.deploy.yaml beside cdk.json, else the example. @throws DeploySettingsError */
export function loadDeploySettings(path?: string): DeploySettings {
  const own = join(ROOT, 'msk-checkup.deploy.yaml');
  const file = path ?? (existsSync(own) ? own : join(HERE, 'example/msk-checkup.deploy.yaml'));
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new DeploySettingsError(`cannot read the deployment file ${file}`);
  }
  return { ...parseDeploySettings(text, file), directory: dirname(resolve(file)) };
}

/** @throws DeploySettingsError naming the first wrong key */
export function parseDeploySettings(text: string, file: string): Omit<DeploySettings, 'directory'> {
  let data: unknown;
  try {
    data = parse(text);
  } catch (error) {
    throw new DeploySettingsError(`${file} is no YAML: ${String((error as Error).message).split('\n')[0]}`);
  }
  const parsed = v.safeParse(settingsSchema, data);
  if (!parsed.success) throw new DeploySettingsError(`${file}: ${issueLine(parsed.issues[0])}`);
  const [, , , region = '', account = ''] = (parsed.output.clusters[0] ?? '').split(':');
  return { ...parsed.output, account, region };
}

function needsSecret(auth: MskAuth): boolean {
  return auth === 'scram' || auth === 'mtls';
}

function regionOf(arn: string): string | undefined {
  return arn.split(':')[3];
}

/** Names are unique within an account and Region; only the uuid tells a cluster from a former one of its name. */
function nameOf(arn: string): string {
  return arn.split('/')[1] ?? arn;
}

function issueLine(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? '(root)';
  if (issue.expected === 'never') return `unknown key ${path}`;
  return `${path}: ${issue.message}`;
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
