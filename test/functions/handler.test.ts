import { DescribeClusterV2Command, KafkaClient, NotFoundException } from '@aws-sdk/client-kafka';
import {
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { handler as collector } from '../../functions/collect-kafka.ts';
import { handler } from '../../functions/report.ts';
import { CLUSTER_ARN } from '../builders/a-snapshot.ts';

const CONTEXT = { getRemainingTimeInMillis: () => 60_000 };
const kafka = mockClient(KafkaClient);
const s3 = mockClient(S3Client);
const sns = mockClient(SNSClient);
let lines: string[];

beforeEach(() => {
  lines = [];
  // Powertools writes to the streams, past the global console, as Lambda wants it.
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  }
  vi.stubEnv('MSK_CHECKUP_BUCKET', 'reports');
  vi.stubEnv('MSK_CHECKUP_REPORT_TOPIC_ARN', 'arn:aws:sns:eu-west-1:111122223333:reports');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  for (const mock of [kafka, s3, sns]) mock.reset();
  s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: 'no', $metadata: {} }));
  s3.on(HeadObjectCommand).rejects(new NotFound({ message: 'no', $metadata: {} }));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('the report function', () => {
  test('answers a wrong event instead of throwing, so that nobody retries it', async () => {
    expect(await handler({ clusterArn: CLUSTER_ARN, extra: 1 }, CONTEXT)).toMatchObject({
      ok: false,
      error: { code: 'bad-input', message: expect.stringContaining('unknown key "extra"') },
    });
  });

  test('says when the cluster does not exist, and writes nothing', async () => {
    kafka.on(DescribeClusterV2Command).rejects(new NotFoundException({ message: 'no', $metadata: {} }));
    const reply = await handler({ clusterArn: CLUSTER_ARN }, CONTEXT);
    expect(reply).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(s3.commandCalls(PutObjectCommand)).toHaveLength(0);
    expect(sns.commandCalls(PublishCommand)).toHaveLength(0);
  });

  test('a refused scheduled run feeds the alarm, a refused question of a person does not', async () => {
    kafka.on(DescribeClusterV2Command).rejects(new NotFoundException({ message: 'no', $metadata: {} }));
    await handler({ clusterArn: CLUSTER_ARN }, CONTEXT);
    expect(lines.join('\n')).not.toContain('ReportRefused');
    await handler({ clusterArn: CLUSTER_ARN, scheduledTime: '2026-11-20T06:15:00Z' }, CONTEXT);
    expect(lines.join('\n')).toContain('ReportRefused');
  });

  test('throws on a fault of the service, so that the schedule tries again', async () => {
    s3.on(GetObjectCommand).rejects(
      Object.assign(new Error('busy'), { name: 'SlowDown', $metadata: { httpStatusCode: 503 } }),
    );
    await expect(handler({ clusterArn: CLUSTER_ARN }, CONTEXT)).rejects.toThrow('busy');
  });

  test('throws when AWS itself failed: a retry may find it well again', async () => {
    kafka.rejects(Object.assign(new Error('x'), { name: 'InternalServerErrorException', $metadata: {} }));
    await expect(handler({ clusterArn: CLUSTER_ARN }, CONTEXT)).rejects.toThrow(/^AWS failed to answer/);
  });

  test('names the variable that its deployment forgot', async () => {
    vi.stubEnv('MSK_CHECKUP_BUCKET', '');
    await expect(handler({ clusterArn: CLUSTER_ARN }, CONTEXT)).rejects.toThrow(/MSK_CHECKUP_BUCKET is not set/);
  });
});

describe('the collector function', () => {
  beforeEach(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'id');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'topsecret');
  });

  test('does not say what was wrong with an event: it may hold a password', async () => {
    await expect(collector({ auth: { password: 'hunter2' } })).rejects.toThrow(/^the event is not a request/);
    expect(lines.join('\n')).not.toContain('hunter2');
  });

  test('unreachable brokers are missing sections, and neither log nor reply holds a secret', async () => {
    const reply = await collector({
      brokers: ['127.0.0.1:1'],
      auth: { kind: 'scram', username: 'report', password: 'hunter2' },
      tls: false,
      plan: { samples: 1, intervalSec: 1, sections: ['kafkaQuorum'], timestamps: 'none' },
      deadlineMs: Date.now() + 5_000,
    });
    expect(reply.encoding).toBe('gzip+base64');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ message: 'collected', auth: 'scram' });
    expect(JSON.stringify(reply) + lines.join('')).not.toMatch(/hunter2|topsecret/);
  });
});
