// A link to one object that opens without credentials for some minutes. Only for an answer a person waits for: never mailed.
import { createHash, createHmac } from 'node:crypto';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { SignatureV4 } from '@smithy/signature-v4';

type SourceData = string | ArrayBuffer | ArrayBufferView;
type HttpRequest = Parameters<SignatureV4['presign']>[0];

export const LINK_SECONDS = 900;

/** @returns the link; it also dies when the credentials that signed it do. */
export async function presignGet(
  client: S3Client,
  bucket: string,
  key: string,
  now: Date,
  expiresIn = LINK_SECONDS,
): Promise<string> {
  const request = await unsignedRequest(client, bucket, key);
  const signer = new SignatureV4({
    service: 's3',
    region: await client.config.region(),
    credentials: client.config.credentials,
    sha256: Sha256,
    // S3 signs the path as it is sent; the default would encode it twice.
    uriEscapePath: false,
  });
  request.headers = { host: request.headers.host ?? hostOf(request), 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
  const signed = await signer.presign(request, {
    expiresIn,
    signingDate: now,
    // It only tells the signer that no body is signed: no browser would send it.
    unhoistableHeaders: new Set(['x-amz-content-sha256']),
    unsignableHeaders: new Set(['x-amz-content-sha256']),
  });
  const query = Object.entries(signed.query ?? {}).map(
    ([name, value]) => `${queryPart(name)}=${queryPart(String(value))}`,
  );
  return `${signed.protocol}//${hostOf(signed)}${signed.path}?${query.join('&')}`;
}

/** Lets the client itself work out the endpoint (Region, partition, AWS_ENDPOINT_URL) and takes the request before it leaves. */
async function unsignedRequest(client: S3Client, bucket: string, key: string): Promise<HttpRequest> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: key });
  let captured: HttpRequest | undefined;
  command.middlewareStack.add(
    () => async (args) => {
      captured = args.request as HttpRequest;
      return { output: { $metadata: {} }, response: undefined };
    },
    { step: 'build', priority: 'low', name: 'captureRequest' },
  );
  await client.send(command);
  if (captured === undefined) throw new Error('the S3 client built no request');
  return { ...captured, query: {} };
}

function hostOf(request: HttpRequest): string {
  return request.port === undefined ? request.hostname : `${request.hostname}:${request.port}`;
}

function queryPart(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

class Sha256 {
  readonly #hash;

  constructor(secret?: SourceData) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error('a hash is used once');
  }
}

function bytes(data: SourceData): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
