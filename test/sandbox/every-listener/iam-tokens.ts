import { createHash, createHmac } from 'node:crypto';
import { generateAuthTokenFromCredentialsProvider } from 'aws-msk-iam-sasl-signer-js';
import { describe, expect, test } from 'vitest';
import { readOnlyAcls, setAcls } from '../../../sandbox/kafka/acls.ts';
import type { KafkaCluster } from '../../../sandbox/kafka/cluster.ts';
import { topicsSeen, trusting } from './topics-seen.ts';

/** Everything that goes into a token, so that a test can get one thing wrong and sign it all the same. */
interface TokenParts {
  host: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  signedAtMs: number;
  expiresSec: number;
  action: string;
}

function queryOf(parts: TokenParts): [string, string][] {
  const date = new Date(parts.signedAtMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${date.slice(0, 8)}/${parts.region}/kafka-cluster/aws4_request`;
  const query: [string, string][] = [
    ['Action', parts.action],
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${parts.accessKeyId}/${scope}`],
    ['X-Amz-Date', date],
    ['X-Amz-Expires', String(parts.expiresSec)],
    ['X-Amz-SignedHeaders', 'host'],
  ];
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const canonical = ['GET', '/', textOf(query), `host:${parts.host}`, '', 'host', sha256('')].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce(hmac, Buffer.from(`AWS4${parts.secretAccessKey}`));
  return [...query, ['X-Amz-Signature', hmac(key, toSign).toString('hex')]];
}

const textOf = (query: [string, string][]): string =>
  query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
const tokenOf = (host: string, query: [string, string][]): string =>
  Buffer.from(`https://${host}/?${textOf(query)}`).toString('base64url');
const signed = (parts: TokenParts): string => tokenOf(parts.host, queryOf(parts));

const refusals: Record<string, (right: TokenParts) => string> = {
  'an expiry that was raised after signing': (right) => {
    const query = queryOf({ ...right, expiresSec: 60 }).map(([name, value]): [string, string] => [
      name,
      name === 'X-Amz-Expires' ? '900' : value,
    ]);
    return tokenOf(right.host, query);
  },
  'another secret key': (right) => signed({ ...right, secretAccessKey: 'another' }),
  'another access key': (right) => signed({ ...right, accessKeyId: 'ANOTHER' }),
  'the host of another region': (right) => signed({ ...right, host: 'kafka.eu-west-1.amazonaws.com' }),
  'the host of nobody we know': (right) => signed({ ...right, host: 'kafka.example.com' }),
  'another region': (right) => signed({ ...right, region: 'eu-west-1' }),
  'another action': (right) => signed({ ...right, action: 'kafka-cluster:*' }),
  'a time that is over': (right) => signed({ ...right, signedAtMs: Date.now() - 901_000 }),
  'a time that is yet to come': (right) => signed({ ...right, signedAtMs: Date.now() + 600_000 }),
  'a validity longer than 15 minutes': (right) => signed({ ...right, expiresSec: 901 }),
  'no signature': (right) => tokenOf(right.host, queryOf(right).slice(0, -1)),
  'a parameter given twice': (right) => tokenOf(right.host, [...queryOf(right), ['X-Amz-Expires', '900']]),
  'a parameter nobody signed': (right) => tokenOf(right.host, [...queryOf(right), ['Role', 'admin']]),
  'no address at all': () => Buffer.from('garbage').toString('base64url'),
  'no base64': () => '!!!!',
};

export function proveIamTokens(theCluster: () => KafkaCluster): void {
  const withToken = (value: string): Promise<string[]> => {
    const sasl = { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value }) } as const;
    return topicsSeen(theCluster(), 'iam', { ssl: trusting(theCluster()), sasl });
  };
  const rightParts = (): TokenParts => {
    const iam = theCluster().iam!;
    const host = `kafka.${iam.region}.amazonaws.com`;
    return { ...iam, host, signedAtMs: Date.now(), expiresSec: 900, action: 'kafka-cluster:Connect' };
  };

  describe('the IAM listener', () => {
    test('takes the token of AWS’s own signer; its principal is the access key', async () => {
      const { region, ...credentials } = theCluster().iam!;
      const awsCredentialsProvider = async () => credentials;
      const { token } = await generateAuthTokenFromCredentialsProvider({ region, awsCredentialsProvider });
      expect(await withToken(token)).toEqual([]);
      await setAcls(theCluster(), `User:${credentials.accessKeyId}`, readOnlyAcls);
      expect(await withToken(token)).toEqual(['orders']);
    });

    test('takes a token signed by hand, so that what follows fails for its one fault alone', async () => {
      expect(await withToken(signed(rightParts()))).toEqual(['orders']);
      expect(await withToken(signed({ ...rightParts(), expiresSec: 60 }))).toEqual(['orders']);
    });

    test.concurrent.each(Object.entries(refusals))('refuses %s', async (_what, wrong) => {
      await expect(withToken(wrong(rightParts()))).rejects.toThrow();
    });
  });
}
