// How credentials get from the secret to the collector, and what is said when they do not. AWS is a server that answers as it does on the wire.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { kafkaReader } from '../../functions/kafka-reader.ts';
import { decodeCollectorRequest, encodeCollectorReply } from '../../lib/collect/collector-wire.ts';
import { type KafkaSections, reportPlan } from '../../lib/collect/kafka/plan.ts';
import { kafkaMissing } from '../../lib/collect/kafka-stage.ts';
import type { MskAuth } from '../../lib/collect/msk/bootstrap.ts';
import { missing, present } from '../../lib/snapshot/collected.ts';

const PASSWORD = 'p4ssw0rd-never-shown';
const CERT = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n';
const SECRET_ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:AmazonMSK_reader-AbCdEf';
const COLLECTOR_ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:collector';
const PLAN = reportPlan({ samples: 1, intervalSec: 1 });
const READ: KafkaSections = {
  ...kafkaMissing(PLAN, missing('not-enabled', 'not here')),
  kafkaBrokers: present({ clusterId: 'abc', controllerId: 1, brokers: [] }, 1),
};

let server: Server;
let secret: { status: number; body: object } | null;
let asked: { secretId: string; region: string | undefined }[];
let events: unknown[];

beforeEach(async () => {
  [secret, asked, events] = [null, [], []];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString());
      const [, region, service] = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)/.exec(request.headers.authorization!)!;
      if (service === 'lambda') {
        events.push(body);
        response.end(JSON.stringify(encodeCollectorReply(READ)));
        return;
      }
      asked.push({ secretId: body.SecretId, region });
      if (secret === null) return;
      response.writeHead(secret.status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(secret.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function holds(value: unknown): void {
  secret = { status: 200, body: { SecretString: typeof value === 'string' ? value : JSON.stringify(value) } };
}

async function reader(kafkaSecretArn: string | null = SECRET_ARN) {
  return await kafkaReader({ collectorArn: COLLECTOR_ARN, kafkaSecretArn }, 'eu-west-1');
}

function request(auth: MskAuth, deadlineMs = Date.now() + 60_000) {
  return { brokers: ['b-1.x:9096'], auth, plan: PLAN, deadlineMs };
}

describe('the secret goes to the collector in the one request', () => {
  test('as user name and password for SCRAM, which on MSK is always inside TLS', async () => {
    holds({ username: 'reader', password: PASSWORD, engine: 'kafka' });
    const read = await reader();
    expect(await read(request('scram'))).toEqual(READ);
    expect(decodeCollectorRequest(events[0])).toMatchObject({
      auth: { kind: 'scram', username: 'reader', password: PASSWORD },
      tls: true,
    });
    expect(asked).toEqual([{ secretId: SECRET_ARN, region: 'eu-central-1' }]);
  });

  test('as certificate, key and authority for mutual TLS', async () => {
    holds({ cert: CERT, key: KEY, ca: CERT });
    const read = await reader();
    expect(await read(request('mtls'))).toEqual(READ);
    expect(decodeCollectorRequest(events[0])?.auth).toEqual({ kind: 'mtls', cert: CERT, key: KEY, ca: CERT });
  });

  test('and is read anew by each run, so that a rotated one is used at once', async () => {
    const read = await reader();
    for (const password of ['first', 'second']) {
      holds({ username: 'reader', password });
      await read(request('scram'));
    }
    expect(events.map((event) => decodeCollectorRequest(event)?.auth)).toMatchObject([
      { password: 'first' },
      { password: 'second' },
    ]);
  });

  test.each(['iam', 'tls', 'none'] as const)('and is not even read where the way in is %s', async (auth) => {
    const read = await reader();
    expect(await read(request(auth))).toEqual(READ);
    expect(asked).toEqual([]);
    expect(decodeCollectorRequest(events[0])?.auth).toEqual(
      auth === 'iam' ? { kind: auth, region: 'eu-west-1' } : { kind: auth },
    );
  });
});

/** The one reason for which every section is missing; the collector was not asked, and nothing of the secret was said. */
async function missingFor(auth: 'scram' | 'mtls', deadlineMs?: number) {
  const read = await reader();
  const sections = await read(request(auth, deadlineMs));
  expect(events).toEqual([]);
  expect(JSON.stringify(sections)).not.toContain(PASSWORD);
  const reasons = new Set(Object.values(sections).map((section) => JSON.stringify(section)));
  expect(reasons.size).toBe(1);
  return JSON.parse([...reasons][0]!);
}

describe('a secret that cannot be used leaves the Kafka sections missing, with the line to mend', () => {
  test.each([
    ['no JSON', 'scram', PASSWORD, /username.*password/],
    ['no password', 'scram', { username: PASSWORD }, /username.*password/],
    ['an empty password', 'scram', { username: PASSWORD, password: '' }, /username.*password/],
    ['no PEM', 'mtls', { cert: PASSWORD, key: PASSWORD }, /cert.*key.*ca/],
  ] as const)('because it holds %s', async (_name, auth, value, fix) => {
    holds(value);
    expect(await missingFor(auth)).toEqual({
      ok: false,
      reason: 'failed',
      detail: `the secret ${SECRET_ARN} holds no credentials for ${auth}`,
      fix: expect.stringMatching(fix),
    });
  });

  test('because it holds bytes', async () => {
    secret = { status: 200, body: { SecretBinary: Buffer.from(PASSWORD).toString('base64') } };
    expect(await missingFor('scram')).toMatchObject({ reason: 'failed', fix: expect.stringContaining('username') });
  });

  test.each([
    [
      'AccessDeniedException',
      'not-permitted',
      `Allow secretsmanager:GetSecretValue on ${SECRET_ARN} for the caller, and kms:Decrypt on its key: collector.secretArn and collector.secretKeyArn in msk-checkup.deploy.yaml`,
    ],
    [
      'ResourceNotFoundException',
      'not-enabled',
      'Name a secret that is there: collector.secretArn in msk-checkup.deploy.yaml',
    ],
    [
      'InvalidRequestException',
      'not-enabled',
      'Name a secret that is there: collector.secretArn in msk-checkup.deploy.yaml',
    ],
    ['DecryptionFailure', 'failed', undefined],
  ])('because AWS says %s', async (type, reason, fix) => {
    secret = { status: 400, body: { __type: type, message: `about ${PASSWORD}` } };
    const found = await missingFor('scram');
    expect(found.reason).toBe(reason);
    expect(found.fix).toBe(fix);
    expect(found.detail).toContain(type === 'ResourceNotFoundException' ? SECRET_ARN : type);
  });

  test('because AWS does not answer: the rest of the run keeps its time', async () => {
    const startedMs = Date.now();
    expect(await missingFor('scram', startedMs + 500)).toMatchObject({ reason: 'timed-out' });
    expect(Date.now() - startedMs).toBeLessThan(5_000);
  });

  test('because none is deployed, where the cluster offers nothing else', async () => {
    const read = await reader(null);
    const { kafkaTopics } = await read(request('mtls'));
    expect(kafkaTopics).toMatchObject({
      reason: 'not-enabled',
      fix: expect.stringContaining('collector.auth: mtls and collector.secretArn'),
    });
    expect([asked, events]).toEqual([[], []]);
  });
});
