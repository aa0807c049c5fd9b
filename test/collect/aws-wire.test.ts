// The real SDK clients against a server that answers as AWS does on the wire: the names of errors, the limits of waiting and retrying.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { awsClientConfig, awsCredentials } from '../../lib/collect/aws-clients.ts';
import { classifyAwsError } from '../../lib/collect/classify-aws-error.ts';
import { createCloudWatchReader } from '../../lib/collect/cloudwatch/cloudwatch-reader.ts';
import { createFunctionInvoker } from '../../lib/collect/invoke-collector.ts';
import { createMskReader } from '../../lib/collect/msk/msk-reader.ts';
import { inFastTime } from './fast-time.ts';
import { ARN } from './msk/an-answer.ts';

const ACCESS = { region: 'us-east-1' };
const SIGNAL = new AbortController().signal;

let server: Server;
let requests: { method: string; url: string; body: string; target: string | undefined }[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const target = request.headers['x-amz-target'] as string | undefined;
      requests.push({ method: request.method!, url: request.url!, body: Buffer.concat(chunks).toString(), target });
      answer(request, response);
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

function json(status: number, body: object, headers: Record<string, string> = {}) {
  return (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}

async function failureOf(promise: Promise<unknown>) {
  return promise.then(
    () => null,
    (error: unknown) => classifyAwsError(error),
  );
}

test.each([
  [403, 'ForbiddenException', 'not-permitted'],
  [403, 'AccessDeniedException', 'not-permitted'],
  [401, 'UnauthorizedException', 'not-permitted'],
  [404, 'NotFoundException', 'not-found'],
  [400, 'BadRequestException', 'bad-request'],
  [403, 'ExpiredTokenException', 'expired-credentials'],
  [403, 'UnrecognizedClientException', 'refused-credentials'],
] as const)('MSK answers %d %s: %s, without a second try', async (status, name, kind) => {
  answer = json(status, { message: 'm' }, { 'x-amzn-errortype': name });
  const reader = await createMskReader(ACCESS);
  expect(await failureOf(reader.describeCluster(ARN.arn, SIGNAL))).toMatchObject({ kind, name });
  expect(requests).toHaveLength(1);
});

test.each([
  [429, 'TooManyRequestsException', 'throttled'],
  [500, 'InternalServerErrorException', 'failed'],
] as const)('MSK answers %d %s again and again: given up after four tries', async (status, name, kind) => {
  answer = json(status, { message: 'm' }, { 'x-amzn-errortype': name });
  const reader = await createMskReader(ACCESS);
  const { value } = await inFastTime(() => failureOf(reader.describeCluster(ARN.arn, SIGNAL)));
  expect(value).toMatchObject({ kind });
  expect(requests).toHaveLength(4);
});

test.each([
  [200, 'text/html', '<html>', { kind: 'unreachable', name: 'HtmlAnswer' }],
  [403, 'text/html; charset=utf-8', '<html>', { kind: 'unreachable', name: 'HtmlAnswer' }],
  [404, 'text/html', '<html>', { kind: 'unreachable', name: 'HtmlAnswer' }],
  [501, 'text/html', '<html>', { kind: 'failed', name: 'HtmlAnswer' }],
  [403, 'application/json', '{"message', { kind: 'failed', name: 'UnreadableAnswer' }],
  [200, 'application/json', '{"clusterInfo', { kind: 'failed', name: 'UnreadableAnswer' }],
])('what AWS never wrote (%d, %s) is no refusal of the caller', async (status, type, body, failure) => {
  answer = (_, response) => void response.writeHead(status, { 'content-type': type }).end(body);
  expect(await failureOf((await createMskReader(ACCESS)).describeCluster(ARN.arn, SIGNAL))).toMatchObject(failure);
});

test('CloudWatch is asked by GetMetricData and nothing else', async () => {
  answer = json(200, {
    MetricDataResults: [{ Id: 'q0', StatusCode: 'Complete', Timestamps: [1_795_000_000], Values: [4] }],
  });
  const reader = await createCloudWatchReader(ACCESS);
  const output = await reader.getMetricData(
    { StartTime: new Date(0), EndTime: new Date(60_000), MetricDataQueries: [] },
    SIGNAL,
  );
  expect(output.MetricDataResults?.[0]?.Timestamps?.[0]).toEqual(new Date(1_795_000_000_000));
  expect(requests.map((request) => request.target)).toEqual(['GraniteServiceVersion20100801.GetMetricData']);
});

test('an interrupted call ends at once, though the server is silent', async () => {
  answer = () => {};
  const reader = await createMskReader(ACCESS);
  const interrupt = new AbortController();
  setTimeout(() => interrupt.abort(), 50);
  expect(await failureOf(reader.describeCluster(ARN.arn, interrupt.signal))).toMatchObject({ kind: 'timed-out' });
});

test('a silent server is given up after the time limit of a request', async () => {
  answer = () => {};
  const { KafkaClient, ListNodesCommand } = await import('@aws-sdk/client-kafka');
  const client = new KafkaClient({ ...awsClientConfig(ACCESS, 80), maxAttempts: 1 });
  expect(await failureOf(client.send(new ListNodesCommand({ ClusterArn: ARN.arn })))).toMatchObject({
    kind: 'timed-out',
  });
});

test('a closed port is unreachable', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
  answer = () => {};
  const reader = await createMskReader(ACCESS);
  expect(await failureOf(reader.describeCluster(ARN.arn, SIGNAL))).toMatchObject({
    kind: 'unreachable',
    name: 'ECONNREFUSED',
  });
});

test('no credentials anywhere is told as such', async () => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent/config');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent/credentials');
  answer = json(200, {});
  const reader = await createMskReader(ACCESS);
  expect(await failureOf(reader.describeCluster(ARN.arn, SIGNAL))).toMatchObject({ kind: 'no-credentials' });
  expect(await failureOf(awsCredentials(ACCESS))).toMatchObject({ kind: 'no-credentials' });
  expect(await failureOf(awsCredentials({ ...ACCESS, profile: 'nowhere' }))).toMatchObject({ kind: 'no-credentials' });
  expect(requests).toHaveLength(0);
});

const ROLE = 'arn:aws:iam::111122223333:role/reader';

/** STS gives keys ASIA1, ASIA2, ...; every other service says that it does not know the cluster. */
function assuming(expiresInMs: (session: number) => number) {
  let session = 0;
  return (request: IncomingMessage, response: ServerResponse) => {
    if (request.headers.authorization?.includes('/sts/') !== true) {
      json(404, { message: 'm' }, { 'x-amzn-errortype': 'NotFoundException' })(request, response);
      return;
    }
    session += 1;
    const expiration = new Date(Date.now() + expiresInMs(session)).toISOString();
    const xml = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIA${session}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
    response.writeHead(200, { 'content-type': 'text/xml' }).end(xml);
  };
}
const roleRequests = () => requests.filter(({ body }) => body.includes('Action=AssumeRole'));

test('a role is assumed with the credentials of the caller', async () => {
  answer = assuming(() => 3_600_000);
  expect(await awsCredentials({ ...ACCESS, roleArn: ROLE })).toMatchObject({ accessKeyId: 'ASIA1', sessionToken: 't' });
  expect(requests[0]?.body).toContain(encodeURIComponent(ROLE));
  expect(requests[0]?.body).not.toContain('ExternalId');
});

test('one session serves all clients of one access, at the same time and later', async () => {
  answer = assuming(() => 3_600_000);
  const access = { ...ACCESS, roleArn: ROLE };
  const readers = await Promise.all([createMskReader(access), createMskReader(access), createMskReader(access)]);
  await Promise.all(readers.map((reader) => failureOf(reader.describeCluster(ARN.arn, SIGNAL))));
  await awsCredentials(access);
  expect(roleRequests()).toHaveLength(1);
});

test('another access is another session: its role or its external id may differ', async () => {
  answer = assuming(() => 3_600_000);
  expect(await awsCredentials({ ...ACCESS, roleArn: ROLE })).toMatchObject({ accessKeyId: 'ASIA1' });
  expect(await awsCredentials({ ...ACCESS, roleArn: ROLE, externalId: 'hub-7' })).toMatchObject({
    accessKeyId: 'ASIA2',
  });
  expect(roleRequests()[1]?.body).toContain('ExternalId=hub-7');
});

test('a session that soon expires is renewed, and one that was refused is asked for again', async () => {
  const access = { ...ACCESS, roleArn: ROLE };
  answer = json(403, {}, {});
  await failureOf(awsCredentials(access));
  // The SDK takes a session for spent five minutes before its end.
  answer = assuming((session) => (session === 1 ? 200_000 : 3_600_000));
  expect(await awsCredentials(access)).toMatchObject({ accessKeyId: 'ASIA2' });
  expect(await awsCredentials(access)).toMatchObject({ accessKeyId: 'ASIA2' });
  expect(roleRequests()).toHaveLength(3);
});

test('a role that may not be assumed is named, whichever call wanted its credentials', async () => {
  const xml =
    '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: arn:aws:sts::444455556666:assumed-role/r/s is not authorized</Message></Error></ErrorResponse>';
  answer = (_, response) => void response.writeHead(403, { 'content-type': 'text/xml' }).end(xml);
  const reader = await createMskReader({ ...ACCESS, roleArn: ROLE });
  expect(await failureOf(reader.listNodes(ARN.arn, undefined, SIGNAL))).toMatchObject({
    kind: 'not-permitted',
    name: 'AccessDenied',
    roleArn: ROLE,
  });
});

test('the collector is invoked once and waited for', async () => {
  answer = (_, response) =>
    void response.writeHead(200, { 'x-amz-function-error': 'Unhandled' }).end('{"errorType":"E"}');
  const invoker = await createFunctionInvoker(ACCESS);
  const result = await invoker.invoke('collector', new TextEncoder().encode('{}'), SIGNAL);
  expect(result.functionError).toBe('Unhandled');
  expect(Buffer.from(result.payload).toString()).toBe('{"errorType":"E"}');
  expect(requests).toHaveLength(1);
});
