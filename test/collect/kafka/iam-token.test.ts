import { generateAuthTokenFromCredentialsProvider } from 'aws-msk-iam-sasl-signer-js';
import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { signIamToken, tokenHost } from '../../../lib/collect/kafka/iam-token.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 8, 0, 0, 250);
const secret = fc.string({ minLength: 1, maxLength: 60 });
const credentials = fc.record({
  accessKeyId: fc.stringMatching(/^AKIA[A-Z0-9]{16}$/),
  secretAccessKey: secret,
  sessionToken: fc.option(secret, { nil: undefined }),
  // The package divides without rounding: only whole seconds compare.
  expiration: fc.option(fc.integer({ min: 1, max: 2000 }), { nil: undefined }),
});
const region = fc.constantFrom('eu-west-1', 'us-east-1', 'ap-southeast-2', 'us-gov-west-1');

afterEach(() => {
  vi.useRealTimers();
});

function urlOf(token: string): URL {
  return new URL(Buffer.from(token, 'base64url').toString());
}

/** The user agent is the one part that is not signed and that names the client. */
function withoutUserAgent(token: string): string {
  return Buffer.from(token, 'base64url')
    .toString()
    .replace(/&User-Agent=[^&]*/, '');
}

it('equals the token of AWS’s own package on 200 random credentials', async () => {
  vi.useFakeTimers({ now: NOW_MS, toFake: ['Date'] });
  await fc.assert(
    fc.asyncProperty(region, credentials, async (where, { expiration, ...keys }) => {
      const given = {
        ...keys,
        ...(expiration === undefined ? {} : { expiration: new Date(NOW_MS + expiration * 1000) }),
      };
      const theirs = await generateAuthTokenFromCredentialsProvider({
        region: where,
        awsCredentialsProvider: async () => given as never,
      });
      expect(withoutUserAgent(await signIamToken(where, given as never, NOW_MS))).toBe(withoutUserAgent(theirs.token));
    }),
    { numRuns: 200 },
  );
});

const keys = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'not a secret' };

it.each([
  [undefined, '900'],
  [3_600_000, '900'],
  [899_999, '899'],
  [1_500, '1'],
])('of credentials that expire in %s ms is valid for %s whole seconds', async (expiresInMs, expected) => {
  const expiring = expiresInMs === undefined ? keys : { ...keys, expiration: new Date(NOW_MS + expiresInMs) };
  const url = urlOf(await signIamToken('eu-west-1', expiring, NOW_MS));
  expect(url.searchParams.get('X-Amz-Expires')).toBe(expected);
  expect(url.searchParams.get('X-Amz-Date')).toBe('20261120T080000Z');
});

it.each([999, 0, -1])('is not made from credentials that expire in %s ms', async (expiresInMs) => {
  const expired = { ...keys, expiration: new Date(NOW_MS + expiresInMs) };
  await expect(signIamToken('eu-west-1', expired, NOW_MS)).rejects.toThrow('expired');
});

it.each([
  ['eu-west-1', 'kafka.eu-west-1.amazonaws.com'],
  ['us-gov-east-1', 'kafka.us-gov-east-1.amazonaws.com'],
  ['cn-north-1', 'kafka.cn-north-1.amazonaws.com.cn'],
  ['us-iso-east-1', 'kafka.us-iso-east-1.c2s.ic.gov'],
  ['us-isob-east-1', 'kafka.us-isob-east-1.sc2s.sgov.gov'],
  ['eusc-de-east-1', 'kafka.eusc-de-east-1.amazonaws.eu'],
])('in %s is for %s', async (where, host) => {
  expect(tokenHost(where)).toBe(host);
  expect(urlOf(await signIamToken(where, keys, NOW_MS)).hostname).toBe(host);
});
