// The real SDK clients against a server that answers as AWS does on the wire: the names of errors, the limits of waiting and retrying.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { awsClientConfig, awsCredentials } from '../../lib/collect/aws-clients.ts';
import { classifyAwsError } from '../../lib/collect/classify-aws-error.ts';
import { createCloudWatchReader } from '../../lib/collect/cloudwatch/cloudwatch-reader.ts';
import { createFunctionInvoker } from '../../lib/collect/invoke-collector.ts';
import { createMskReader } from '../../lib/collect/msk/msk-reader.ts';
import { readConfiguration, readNodes } from '../../lib/collect/msk/read-control-plane.ts';
import { ARN, CONFIGURATION_ARN } from './msk/an-answer.ts';

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
  expect(await failureOf(reader.describeCluster(ARN.arn, SIGNAL))).toMatchObject({ kind });
  expect(requests).toHaveLength(4);
});

test('an HTML page of a proxy is a failure, not a crash', async () => {
  answer = (_, response) => void response.writeHead(404, { 'content-type': 'text/html' }).end('<html>');
  expect(await failureOf((await createMskReader(ACCESS)).describeCluster(ARN.arn, SIGNAL))).not.toBeNull();
});

test('nodes, configuration and paging on the wire', async () => {
  answer = (request, response) => {
    const url = request.url!;
    if (url.includes('/revisions/4'))
      json(200, {
        arn: CONFIGURATION_ARN,
        revision: 4,
        serverProperties: Buffer.from('min.insync.replicas=2').toString('base64'),
      })(request, response);
    else if (url.includes('nextToken=n'))
      json(200, { nodeInfoList: [{ brokerNodeInfo: { brokerId: 1.0 } }] })(request, response);
    else json(200, { nodeInfoList: [{ brokerNodeInfo: { brokerId: 2 } }], nextToken: 'n' })(request, response);
  };
  const reader = await createMskReader(ACCESS);
  expect((await readNodes(reader, ARN, SIGNAL)).value.map((node) => node.brokerId)).toEqual([1, 2]);
  const configuration = await readConfiguration(reader, { arn: CONFIGURATION_ARN, revision: 4 }, SIGNAL);
  expect(configuration.value.properties).toEqual({ 'min.insync.replicas': '2' });
  expect(requests.every((request) => request.method === 'GET')).toBe(true);
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

test('a role is assumed with the credentials of the caller', async () => {
  const xml = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
  answer = (_, response) => void response.writeHead(200, { 'content-type': 'text/xml' }).end(xml);
  const role = 'arn:aws:iam::111122223333:role/reader';
  expect(await awsCredentials({ ...ACCESS, roleArn: role })).toMatchObject({ accessKeyId: 'ASIA1', sessionToken: 't' });
  expect(requests[0]?.body).toContain(encodeURIComponent(role));
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
