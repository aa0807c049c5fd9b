import { describe, expect, it } from 'vitest';
import type { KafkaAuth } from '../../../lib/collect/kafka/kafka-auth.ts';
import { saslOptionsOf } from '../../../lib/collect/kafka/sasl.ts';

const NOW_MS = Date.UTC(2026, 10, 20);

const iam: KafkaAuth = {
  kind: 'iam',
  region: 'eu-west-1',
  credentials: async () => ({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'never shown' }),
};

function authenticate(auth: KafkaAuth, answer: Buffer, sent: Buffer[] = []): Promise<void> {
  const provider = saslOptionsOf(auth, () => NOW_MS)?.authenticationProvider;
  const exchange = {
    host: 'b-1',
    port: 9098,
    saslAuthenticate: async ({
      request,
      response,
    }: Parameters<Parameters<NonNullable<typeof provider>>[0]['saslAuthenticate']>[0]) => {
      sent.push(await request.encode());
      return response.parse(await response.decode(answer));
    },
  };
  return provider!(exchange).authenticate();
}

describe('IAM over OAUTHBEARER', () => {
  it('sends the token as RFC 7628 has it', async () => {
    const sent: Buffer[] = [];
    await authenticate(iam, Buffer.alloc(4), sent);
    expect(sent[0]!.readInt32BE(0)).toBe(sent[0]!.length - 4);
    const [gs2, bearer, ...end] = sent[0]!.subarray(4).toString().split('\u0001');
    expect([gs2, end]).toEqual(['n,,', ['', '']]);
    expect(bearer).toMatch(/^auth=Bearer [\w-]+$/);
  });

  it('takes a challenge for what it is: a rejected token', async () => {
    const challenge = Buffer.from('{"status":"invalid_token"}');
    const answer = Buffer.concat([Buffer.of(0, 0, 0, challenge.length), challenge]);
    await expect(authenticate(iam, answer)).rejects.toMatchObject({
      kind: 'auth-rejected',
      message: 'b-1:9098: authentication by IAM was rejected',
    });
  });

  it.each([
    ['missing', async () => Promise.reject(new Error('profile [secret-name] not found'))],
    ['expired', async () => ({ accessKeyId: 'a', secretAccessKey: 'b', expiration: new Date(0) })],
    ['almost expired', async () => ({ accessKeyId: 'a', secretAccessKey: 'b', expiration: new Date(NOW_MS + 14_000) })],
  ])('tells %s credentials without their provider’s words', async (_name, credentials) => {
    const failing = { ...iam, credentials } as KafkaAuth;
    await expect(authenticate(failing, Buffer.alloc(4))).rejects.toMatchObject({
      kind: 'credentials',
      reason: 'not-permitted',
    });
    await expect(authenticate(failing, Buffer.alloc(4))).rejects.not.toThrow(/secret-name/);
  });
});

it('has SCRAM-SHA-512 and PLAIN as kafkajs names them, and nothing for TLS alone', () => {
  const user = { username: 'u', password: 'p', tls: true };
  expect(saslOptionsOf({ kind: 'scram', ...user }, Date.now)).toEqual({
    mechanism: 'SCRAM-SHA-512',
    username: 'u',
    password: 'p',
  });
  expect(saslOptionsOf({ kind: 'plain', ...user }, Date.now)?.mechanism).toBe('PLAIN');
  expect(saslOptionsOf({ kind: 'tls' }, Date.now)).toBeNull();
});
