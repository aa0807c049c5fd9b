// Where the credentials for the brokers come from; Secrets Manager is a server that answers as AWS does on the wire.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { kafkaAuth } from '../../lib/cli/broker-auth.ts';
import type { Auth, SourceOptions } from '../../lib/cli/source.ts';
import { readCliSettings } from '../../lib/settings.ts';
import { cli } from './cli.ts';

const PASSWORD = 'p4ssw0rd-never-shown';
const CERT = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n';
const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:AmazonMSK_reader-AbCdEf';

let root: string;
let server: Server;
let answer: { status: number; body: object };
let asked: { secretId: string; region: string | undefined }[];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'msk-checkup-auth-'));
  asked = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { SecretId } = JSON.parse(Buffer.concat(chunks).toString()) as { SecretId: string };
      const [, region] = /Credential=[^/]+\/\d+\/([^/]+)/.exec(request.headers.authorization ?? '') ?? [];
      asked.push({ secretId: SecretId, region });
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function secret(value: unknown): void {
  answer = { status: 200, body: { SecretString: typeof value === 'string' ? value : JSON.stringify(value) } };
}

function file(name: string, text: string): string {
  writeFileSync(join(root, name), text);
  return join(root, name);
}

async function authOf(kind: Auth, options: Partial<SourceOptions> = {}, env: Record<string, string> = {}) {
  return await kafkaAuth(kind, { bootstrap: ['a:1'], tls: true, ...options }, readCliSettings(env));
}

describe('a secret', () => {
  test('as MSK wants it gives user name and password, whatever else a rotation put there', async () => {
    secret({ username: 'reader', password: PASSWORD, engine: 'kafka' });
    const expected = { username: 'reader', password: PASSWORD, tls: true };
    expect(await authOf('scram', { authSecret: ARN })).toEqual({ kind: 'scram', ...expected });
    expect(await authOf('plain', { authSecret: ARN, tls: false })).toEqual({ kind: 'plain', ...expected, tls: false });
    expect(asked).toEqual(Array(2).fill({ secretId: ARN, region: 'eu-central-1' }));
  });

  test('takes the place of the environment', async () => {
    secret({ username: 'reader', password: PASSWORD });
    const env = { MSK_CHECKUP_KAFKA_USERNAME: 'other', MSK_CHECKUP_KAFKA_PASSWORD: 'other' };
    expect(await authOf('scram', { authSecret: ARN }, env)).toMatchObject({ username: 'reader' });
  });

  test('named without its ARN lies in the Region of the cluster, or else of the option', async () => {
    secret({ username: 'reader', password: PASSWORD });
    const cluster = 'arn:aws:kafka:us-west-2:111122223333:cluster/orders/1a2b3c4d-0000-4000-8000-000000000000-1';
    await authOf('scram', { authSecret: 'AmazonMSK_reader', cluster });
    await authOf('scram', { authSecret: 'AmazonMSK_reader', region: 'eu-north-1' });
    await authOf('scram', { authSecret: 'AmazonMSK_reader' }, { AWS_REGION: 'ap-south-1' });
    expect(asked.map(({ region }) => region)).toEqual(['us-west-2', 'eu-north-1', 'ap-south-1']);
  });

  test('gives a client certificate, with an authority of its own or that of the environment', async () => {
    const own = file('own.pem', CERT);
    secret({ cert: CERT, key: KEY });
    expect(await authOf('mtls', { authSecret: ARN }, { MSK_CHECKUP_KAFKA_CA_FILE: own })).toEqual({
      kind: 'mtls',
      cert: CERT,
      key: KEY,
      ca: CERT,
    });
    secret({ cert: CERT, key: KEY, ca: `${CERT}2` });
    expect(await authOf('mtls', { authSecret: ARN }, { MSK_CHECKUP_KAFKA_CA_FILE: own })).toMatchObject({
      ca: `${CERT}2`,
    });
  });
});

/** One line and an exit code, and nothing of the secret. */
async function ended(kind: Auth, authSecret = ARN): Promise<{ exitCode: number; line: string }> {
  const outcome = await cli(
    'report',
    '--bootstrap',
    '127.0.0.1:1',
    '--auth',
    kind,
    '--auth-secret',
    authSecret,
    '--out',
    root,
  );
  expect(outcome.err).toMatch(/^msk-checkup: [^\n]+\n$/);
  expect(outcome.err + outcome.out).not.toContain(PASSWORD);
  return { exitCode: outcome.exitCode, line: outcome.err };
}

describe('a secret that cannot be used ends with one line that does not quote it', () => {
  test.each([
    ['no JSON', 'scram', PASSWORD],
    ['JSON of another shape', 'scram', JSON.stringify(PASSWORD)],
    ['no password', 'scram', { username: PASSWORD }],
    ['a password that is no text', 'plain', { username: 'u', password: { value: PASSWORD } }],
    ['no PEM', 'mtls', { cert: PASSWORD, key: PASSWORD }],
    ['a certificate in place of the key', 'mtls', { cert: CERT, key: CERT + PASSWORD }],
  ] as const)('because it holds %s', async (_name, kind, value) => {
    secret(value);
    const { exitCode, line } = await ended(kind);
    expect(exitCode).toBe(2);
    expect(line).toContain('--auth-secret: the secret is not usable: it must be JSON like {');
  });

  test('because it holds bytes', async () => {
    answer = { status: 200, body: { SecretBinary: Buffer.from(PASSWORD).toString('base64') } };
    expect(await ended('scram')).toMatchObject({ exitCode: 2, line: expect.stringContaining('holds bytes, not text') });
  });

  test.each([
    ['ResourceNotFoundException', 400, 2, /there is no secret arn:aws:secretsmanager:\S+ in eu-central-1/],
    ['InvalidRequestException', 400, 2, /may be marked for deletion/],
    ['AccessDeniedException', 400, 3, /Allow secretsmanager:GetSecretValue on arn\S+ for the caller, and kms:Decrypt/],
    ['ExpiredTokenException', 400, 3, /credentials have expired/],
    ['DecryptionFailure', 400, 3, /AWS failed to answer \(DecryptionFailure\)/],
  ])('because AWS says %s', async (type, status, exitCode, line) => {
    answer = { status, body: { __type: type, message: `about ${PASSWORD}` } };
    expect(await ended('scram')).toEqual({ exitCode, line: expect.stringMatching(line) });
  });
});

test.each(['tls', 'mtls', 'scram', 'plain', 'iam'] as const)(
  '%s trusts the authority that the environment names',
  async (kind) => {
    const env = {
      MSK_CHECKUP_KAFKA_CA_FILE: file('ca.pem', CERT),
      MSK_CHECKUP_KAFKA_CERT_FILE: file('cert.pem', CERT),
      MSK_CHECKUP_KAFKA_KEY_FILE: file('key.pem', KEY),
      MSK_CHECKUP_KAFKA_USERNAME: 'u',
      MSK_CHECKUP_KAFKA_PASSWORD: PASSWORD,
    };
    expect(await authOf(kind, { region: 'eu-west-1' }, env)).toMatchObject({ kind, ca: CERT });
    const { MSK_CHECKUP_KAFKA_CA_FILE: _, ...without } = env;
    expect(await authOf(kind, { region: 'eu-west-1' }, without)).not.toHaveProperty('ca');
  },
);
