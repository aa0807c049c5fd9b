// The MSK IAM token: a presigned `kafka-cluster:Connect` URL, base64url, sent as an OAUTHBEARER token. It proves who we
// are; the right to connect is decided by the broker.
import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

/** AWS accepts at most 15 minutes. */
const LONGEST_VALIDITY_SEC = 900;

/** Region prefix to the DNS suffix of its partition; all others are in `amazonaws.com`. The broker checks the host. */
const SUFFIX_BY_REGION_PREFIX: readonly (readonly [prefix: string, suffix: string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['eusc-', 'amazonaws.eu'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
  ['us-iso-', 'c2s.ic.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
];

class Sha256 {
  private readonly hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', asBytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(asBytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): void {
    throw new Error('a digest is made once');
  }
}

function asBytes(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}

/** The host MSK's brokers expect in the signature. */
export function tokenHost(region: string): string {
  const suffix = SUFFIX_BY_REGION_PREFIX.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'amazonaws.com';
  return `kafka.${region}.${suffix}`;
}

/**
 * Signs a token that ends with the credentials, but at the latest after 15 minutes.
 * @throws Error when the credentials have already expired
 */
export async function signIamToken(region: string, credentials: AwsCredentials, nowMs: number): Promise<string> {
  const validitySec = validityOf(credentials, nowMs);
  const hostname = tokenHost(region);
  const signer = new SignatureV4({
    service: 'kafka-cluster',
    region,
    credentials,
    sha256: Sha256,
    applyChecksum: false,
  });
  const signed = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname,
      path: '/',
      headers: { host: hostname },
      query: { Action: 'kafka-cluster:Connect' },
    },
    { expiresIn: validitySec, signingDate: new Date(nowMs) },
  );
  // Not signed: brokers log it.
  const query = { ...signed.query, 'User-Agent': 'msk-checkup' } as Record<string, string>;
  return Buffer.from(`https://${hostname}/?${formatQuery(query)}`).toString('base64url');
}

/** Whole seconds: a fraction in X-Amz-Expires is refused by AWS. */
function validityOf({ expiration }: AwsCredentials, nowMs: number): number {
  if (expiration === undefined) return LONGEST_VALIDITY_SEC;
  const validitySec = Math.min(LONGEST_VALIDITY_SEC, Math.floor((expiration.getTime() - nowMs) / 1000));
  if (validitySec < 1) throw new Error('the AWS credentials have expired');
  return validitySec;
}

function formatQuery(query: Record<string, string>): string {
  return Object.keys(query)
    .sort()
    .map((key) => `${escapeUri(key)}=${escapeUri(query[key]!)}`)
    .join('&');
}

/** RFC 3986, as SigV4 wants it: encodeURIComponent leaves !'()* alone. */
function escapeUri(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
