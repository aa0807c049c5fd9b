// What `collect --record` writes may go to strangers with a bug report: nothing in it tells whose cluster it is, where, or how to get in.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadSnapshot } from '../../lib/snapshot/load.ts';
import { redactSnapshot } from '../../lib/snapshot/redact.ts';
import { AwsError } from '../../sandbox/aws/http.ts';
import { cli } from '../cli/cli.ts';
import { type Answer, type AnsweredCall, type AwsFront, startAwsFront } from './aws-front.ts';
import { answersOf, nameOperation, OPERATIONS } from './healthy-account.ts';
import { ARN, CONFIGURATION_ARN } from './msk/an-answer.ts';
import { metricData } from './wire-answers.ts';

/** Nobody listens there: Kafka's sections quote the address that refused. */
const CLOSED = '127.77.78.79:1';
const CANARIES = {
  account: ARN.accountId,
  'other account': '999988887777',
  host: 'b-1.canaryhost.a1b2c3.c4.kafka.us-east-1.amazonaws.com',
  'host of EC2': 'ip-10-11-12-13.ec2.internal',
  address: '10.11.12.13',
  'IPv6 address': '2001:db8:85a3::8a2e:370:7334',
  'address of a broker': '127.77.78.79',
  subnet: 'subnet-0c0ffee0c0ffee01a',
  VPC: 'vpc-0c0ffee0c0ffee02b',
  'security group': 'sg-0c0ffee0c0ffee03c',
  interface: 'eni-0c0ffee0c0ffee04d',
  'name of a secret': 'AmazonMSK_canarysecret',
  'KMS key': '0bada55e-1234-4321-abcd-0c0ffee0c0ff',
  tag: 'canary-cost-center',
};
/** In no snapshot at all, redacted or not. */
const SECRETS = { password: 'canary-password', 'secret key': 'canary+secret/access=key' };
const SENTENCE = [
  `User: arn:aws:sts::${CANARIES['other account']}:assumed-role/ops/x on account ${CANARIES.account}`,
  `from ${CANARIES['host of EC2']} (${CANARIES.address}, [${CANARIES['IPv6 address']}]:9098)`,
  `to ${CANARIES.host}:9098, ${CANARIES.subnet} of ${CANARIES.VPC} through ${CANARIES['security group']} and ${CANARIES.interface}`,
  `with arn:aws:kms:us-east-1:${CANARIES.account}:key/${CANARIES['KMS key']}`,
].join(' ');

let folder: string;
let front: AwsFront;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msk-checkup-record-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await front?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The recorded file, after a run of the command line. */
async function record(changes: Readonly<Record<string, Answer>>, ...more: string[]): Promise<string> {
  front = await startAwsFront(answersOf(changes), nameOperation);
  for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', SECRETS['secret key']);
  vi.stubEnv('XDG_CACHE_HOME', folder); // prices are kept between runs
  const file = join(folder, 'snapshot.json');
  const { exitCode, err } = await cli('collect', '--cluster', ARN.arn, '--record', file, '--samples', '1', ...more);
  expect(exitCode, err).toBe(0);
  return readFileSync(file, 'utf8');
}

function found(text: string, among: Readonly<Record<string, string>>): string[] {
  return Object.entries(among)
    .filter(([, canary]) => text.includes(canary))
    .map(([kind]) => kind);
}

/** Healthy answers with a canary wherever AWS documents a field that could hold one. */
function planted(): Record<string, Answer> {
  const answer = (operation: string) => OPERATIONS.find((each) => each.operation === operation)!.answer as object;
  const { clusterInfo } = structuredClone(answer('DescribeClusterV2')) as { clusterInfo: any };
  clusterInfo.stateInfo = { code: 'CODE', message: SENTENCE };
  clusterInfo.activeOperationArn = `arn:aws:kafka:us-east-1:${CANARIES.account}:cluster-operation/orders/x/y`;
  clusterInfo.tags = { CostCenter: CANARIES.tag, Environment: 'production' };
  Object.assign(clusterInfo.provisioned, {
    encryptionInfo: {
      encryptionAtRest: {
        dataVolumeKMSKeyId: `arn:aws:kms:us-east-1:${CANARIES.account}:key/${CANARIES['KMS key']}`,
      },
    },
    zookeeperConnectString: `${CANARIES.host}:2181`,
    loggingInfo: { brokerLogs: { s3: { enabled: true, bucket: `logs-${CANARIES.account}`, prefix: CANARIES.VPC } } },
  });
  Object.assign(clusterInfo.provisioned.brokerNodeGroupInfo, {
    clientSubnets: [CANARIES.subnet, 'subnet-b', 'subnet-c'],
    securityGroups: [CANARIES['security group']],
  });
  const node = (brokerId: number) => ({
    instanceType: 'm7g.large',
    nodeARN: `arn:aws:kafka:us-east-1:${CANARIES.account}:broker/orders/x/${brokerId}`,
    brokerNodeInfo: {
      brokerId,
      attachedENIId: CANARIES.interface,
      clientSubnet: CANARIES.subnet,
      clientVpcIpAddress: CANARIES.address,
      endpoints: [CANARIES.host],
    },
  });
  return {
    DescribeClusterV2: { clusterInfo },
    ListNodes: { nodeInfoList: [1, 2, 3].map(node) },
    GetBootstrapBrokers: {
      bootstrapBrokerStringSaslIam: CLOSED,
      bootstrapBrokerStringTls: `${CANARIES.host}:9094`,
      bootstrapBrokerStringVpcConnectivityTls: `${CANARIES['host of EC2']}:14001`,
    },
    DescribeConfigurationRevision: {
      arn: CONFIGURATION_ARN,
      revision: 4,
      serverProperties: Buffer.from(
        `min.insync.replicas=2\nadvertised.listeners=SASL_SSL://${CANARIES.host}:9098\nssl.keystore.password=${SECRETS.password}\nno property at all ${SENTENCE}\n`,
      ).toString('base64'),
    },
    DescribeConfiguration: { arn: CONFIGURATION_ARN, name: CANARIES.host, description: SENTENCE, state: 'ACTIVE' },
    DescribeClusterOperationV2: {
      clusterOperationInfo: { errorInfo: { errorCode: 'CODE', errorString: SENTENCE }, provisioned: {} },
    },
    ListScramSecrets: {
      secretArnList: [
        `arn:aws:secretsmanager:us-east-1:${CANARIES.account}:secret:${CANARIES['name of a secret']}-AbCdEf`,
      ],
    },
    DescribeAlarms: {
      MetricAlarms: [
        {
          AlarmName: `orders of ${CANARIES.account} at ${CANARIES.host}`,
          AlarmDescription: SENTENCE,
          AlarmActions: [`arn:aws:sns:us-east-1:${CANARIES['other account']}:on-call`],
          Namespace: 'AWS/Kafka',
          MetricName: 'ActiveControllerCount',
          Dimensions: [{ Name: 'Cluster Name', Value: ARN.name }],
          StateReason: SENTENCE,
        },
      ],
    },
    DescribeScalingActivities: {
      ScalingActivities: [{ StatusCode: 'Failed', Cause: SENTENCE, Description: SENTENCE, StatusMessage: SENTENCE }],
    },
    ListConnectors: {
      connectors: [
        {
          connectorName: 'to-lake',
          connectorArn: `arn:aws:kafkaconnect:us-east-1:${CANARIES.account}:connector/to-lake/x`,
          connectorDescription: SENTENCE,
          serviceExecutionRoleArn: `arn:aws:iam::${CANARIES.account}:role/connect`,
          kafkaCluster: {
            apacheKafkaCluster: {
              bootstrapServers: CLOSED,
              vpc: { subnets: [CANARIES.subnet], securityGroups: [CANARIES['security group']] },
            },
          },
          capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 1 } },
        },
      ],
    },
    GetMetricData: (call: AnsweredCall) => ({
      ...metricData(call),
      Messages: [{ Code: 'Note', Value: SENTENCE }],
    }),
  };
}

describe('a recorded snapshot', () => {
  test('of answers full of hosts, ids and accounts holds none of them', async () => {
    const text = await record(planted());
    expect(found(text, { ...CANARIES, ...SECRETS })).toEqual([]);
    const loaded = loadSnapshot(text);
    if (!loaded.ok) throw new Error(loaded.message);
    // Nothing is hidden by leaving out what the report needs.
    const { sections } = loaded.snapshot;
    expect(Object.entries(sections).filter(([name, section]) => !name.startsWith('kafka') && !section.ok)).toEqual([]);
    expect(sections.kafkaBrokers).toMatchObject({ ok: false, detail: expect.stringContaining('redacted:1') });
    expect(redactSnapshot(loaded.snapshot)).toEqual(loaded.snapshot);
  });

  test('holds them with --no-redact, but no secret even then', async () => {
    const text = await record(planted(), '--no-redact');
    expect(found(text, SECRETS)).toEqual([]);
    const kept = [
      'account',
      'host',
      'address',
      'subnet',
      'VPC',
      'security group',
      'KMS key',
      'name of a secret',
      'tag',
    ];
    expect(found(text, CANARIES)).toEqual(expect.arrayContaining(kept));
  });

  test.each(OPERATIONS.filter(({ operation }) => operation !== 'DescribeClusterV2').map(({ operation }) => operation))(
    'in which %s failed holds nothing of what AWS said about it',
    async (operation) => {
      const text = await record({ ...planted(), [operation]: new AwsError('Surprise', SENTENCE, 400) });
      expect(found(text, { ...CANARIES, ...SECRETS })).toEqual([]);
    },
  );

  test('without any permission but one names no account in what would mend it', async () => {
    const denied = new AwsError('AccessDeniedException', 'not authorized', 403);
    const all = Object.fromEntries(OPERATIONS.map(({ operation }) => [operation, denied]));
    const text = await record({ ...all, ListNodes: planted().ListNodes! });
    expect(text).toContain('Allow kafka:DescribeClusterV2 on arn:aws:kafka:us-east-1:000000000000:cluster/');
    expect(found(text, { ...CANARIES, ...SECRETS })).toEqual([]);
  });
});
