import type { IncomingMessage } from 'node:http';

const SCOPE = /Credential=[^/,\s]+\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/;

/** The name in the signature's credential scope; unsigned requests have none. */
export function signedService(request: IncomingMessage, url: URL): string | undefined {
  const header = SCOPE.exec(request.headers.authorization ?? '')?.[1];
  if (header !== undefined) return header;
  const presigned = url.searchParams.get('X-Amz-Credential');
  return presigned?.split('/')[3];
}

/** The operation's name as IAM spells it; `body` is the form of the query protocol. REST services are told by method and path. */
export function operationOf(service: string | undefined, request: IncomingMessage, url: URL, body: string): string {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return target.slice(target.lastIndexOf('.') + 1);
  const action = /(?:^|&)Action=([A-Za-z0-9]+)/.exec(body)?.[1] ?? url.searchParams.get('Action');
  if (action !== null && action !== undefined) return action;
  const method = request.method ?? 'GET';
  if (service === 's3') return s3Operation(method, url, request);
  if (service === 'lambda' && method === 'POST' && url.pathname.endsWith('/invocations')) return 'Invoke';
  return `${method} ${url.pathname}`;
}

const S3_SUBRESOURCES = [
  'acl',
  'encryption',
  'lifecycle',
  'policy',
  'tagging',
  'versioning',
  'publicAccessBlock',
  'notification',
];

function s3Operation(method: string, url: URL, request: IncomingMessage): string {
  const key = url.pathname.split('/').slice(2).join('/');
  const subresource = S3_SUBRESOURCES.find((name) => url.searchParams.has(name));
  if (subresource !== undefined) return `${method} ${key === '' ? 'bucket' : 'object'} ${subresource}`;
  if (method === 'PUT' && request.headers['x-amz-copy-source'] !== undefined) return 'CopyObject';
  if (key === '') return bucketOperation(method, url);
  if (method === 'POST') return url.searchParams.has('uploads') ? 'CreateMultipartUpload' : 'CompleteMultipartUpload';
  return { GET: 'GetObject', HEAD: 'HeadObject', PUT: 'PutObject', DELETE: 'DeleteObject' }[method] ?? method;
}

function bucketOperation(method: string, url: URL): string {
  if (url.pathname === '/') return 'ListBuckets';
  if (method === 'GET') return url.searchParams.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
  if (method === 'POST') return 'DeleteObjects';
  return { HEAD: 'HeadBucket', PUT: 'CreateBucket', DELETE: 'DeleteBucket' }[method] ?? method;
}
