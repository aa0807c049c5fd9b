import * as v from 'valibot';
import { expect, test, vi } from 'vitest';
import { kafkaAuthOf, wireAuthOf } from '../../lib/collect/collector-auth.ts';
import { decodeCollectorReply } from '../../lib/collect/collector-reply.ts';
import {
  collectorRequestSchema,
  decodeCollectorRequest,
  encodeCollectorReply,
} from '../../lib/collect/collector-wire.ts';
import { type FunctionInvoker, readThroughCollector } from '../../lib/collect/invoke-collector.ts';
import type { KafkaAuth, KafkaSections } from '../../lib/collect/kafka/collect-kafka.ts';
import { reportPlan } from '../../lib/collect/kafka/plan.ts';
import { kafkaMissing } from '../../lib/collect/kafka-stage.ts';
import { missing, present } from '../../lib/snapshot/collected.ts';
import { awsError } from './msk/an-answer.ts';

const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:111122223333:function:collector';
const SCRAM: KafkaAuth = { kind: 'scram', username: 'ro', password: 'pass-word-1', tls: true };
const PLAN = reportPlan({ samples: 3, intervalSec: 60 });
const REQUEST = {
  brokers: ['b-1.x:9096'],
  auth: 'scram' as const,
  plan: PLAN,
  deadlineMs: 1_800_000_000_000,
};

function sections(): KafkaSections {
  return {
    ...kafkaMissing(PLAN, missing('not-enabled', 'not here')),
    kafkaBrokers: present({ clusterId: 'abc', controllerId: 1, brokers: [] }, 1),
    kafkaTopics: present([{ name: 't'.repeat(200), internal: false, error: null, partitions: [] }], 1),
  };
}

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const answering = (payload: Uint8Array, functionError?: string): FunctionInvoker => ({
  invoke: async () => ({ payload, functionError }),
});
const read = (invoker: FunctionInvoker, auth: KafkaAuth = SCRAM) =>
  readThroughCollector(invoker, { functionArn: FUNCTION_ARN, region: 'us-east-1', auth })(REQUEST);

test('the sections arrive as the collector packed them', async () => {
  expect(await read(answering(bytes(encodeCollectorReply(sections()))))).toEqual(sections());
});

test('the request is the one that the collector understands', async () => {
  const invoke = vi.fn<FunctionInvoker['invoke']>(async () => ({ payload: bytes(encodeCollectorReply(sections())) }));
  await read({ invoke });
  const [arn, payload] = invoke.mock.calls[0]!;
  const event: unknown = JSON.parse(new TextDecoder().decode(payload));
  expect(arn).toBe(FUNCTION_ARN);
  expect(decodeCollectorRequest(event)).toEqual({
    brokers: ['b-1.x:9096'],
    auth: { kind: 'scram', username: 'ro', password: 'pass-word-1' },
    tls: true,
    plan: PLAN,
    deadlineMs: 1_800_000_000_000,
  });
});

const credentials = async () => ({ accessKeyId: 'AKIA', secretAccessKey: 'secret' });

test.each<KafkaAuth>([
  { kind: 'none' },
  { kind: 'tls' },
  { kind: 'iam', region: 'us-east-1', credentials },
  { kind: 'mtls', cert: 'c', key: 'k', ca: 'a' },
  { kind: 'mtls', cert: 'c', key: 'k' },
  SCRAM,
  { kind: 'plain', username: 'u', password: 'p', tls: false },
])('authentication $kind survives the way there', (auth) => {
  const wire = JSON.parse(JSON.stringify(wireAuthOf(auth)));
  expect(JSON.stringify(wire)).not.toContain('AKIA');
  expect(v.safeParse(collectorRequestSchema, { ...REQUEST, ...wire }).success).toBe(true);
  expect(kafkaAuthOf(wire, credentials)).toEqual(auth);
});

test.each([
  ['nothing', undefined],
  ['an unknown key', { ...REQUEST, auth: { kind: 'none' }, tls: false, more: 1 }],
  ['no broker', { ...REQUEST, brokers: [], auth: { kind: 'none' }, tls: false }],
  ['an address without a port', { ...REQUEST, brokers: ['b-1'], auth: { kind: 'none' }, tls: false }],
  ['a password that is missing', { ...REQUEST, auth: { kind: 'scram', username: 'x' }, tls: true }],
])('refuses an event with %s', (_, event) => {
  expect(decodeCollectorRequest(event)).toBeNull();
});

test.each([
  ['not JSON', new TextEncoder().encode('<html>')],
  ['empty', new Uint8Array()],
  ['null', bytes(null)],
  ['not gzip', bytes({ encoding: 'gzip+base64', sections: 'aGVsbG8=' })],
  ['an unknown encoding', bytes({ encoding: 'zstd', sections: '' })],
  [
    'a section that the schema does not know',
    bytes({ ...encodeCollectorReply({ ...sections(), extra: 1 } as unknown as KafkaSections) }),
  ],
])('a reply that is %s leaves every section missing', async (_, payload) => {
  expect(decodeCollectorReply(payload)).toBeNull();
  const result = await read(answering(payload));
  expect(result.kafkaTopics).toMatchObject({ ok: false, reason: 'failed', fix: expect.stringContaining('Deploy') });
  expect(Object.values(result).every((section) => !section.ok)).toBe(true);
});

test('a reply that would be too large loses its largest section, and says so', () => {
  const large = sections();
  if (large.kafkaTopics.ok) {
    // Random-looking names: gzip must not make it small.
    large.kafkaTopics.value = Array.from({ length: 500 }, (_, index) => ({
      name: Math.sin(index + 1)
        .toString(36)
        .repeat(4),
      internal: false,
      error: null,
      partitions: [],
    }));
  }
  const reply = encodeCollectorReply(large, 4_000);
  expect(reply.truncated).toBe(true);
  expect(reply.sections.length).toBeLessThanOrEqual(4_000);
  const decoded = decodeCollectorReply(bytes(reply))!;
  expect(decoded.kafkaBrokers.ok).toBe(true);
  expect(decoded.kafkaTopics).toMatchObject({
    ok: false,
    reason: 'failed',
    detail: expect.stringContaining('left out'),
  });
  expect(encodeCollectorReply(sections()).truncated).toBeUndefined();
});

test.each([
  [
    'a time-out',
    { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 30.00 seconds' },
    'timed-out',
    /security group/,
  ],
  ['a crash', { errorType: 'TypeError', errorMessage: 'pass-word-1' }, 'failed', /log of/],
  ['a crash without a type', 'pass-word-1', 'failed', /log of/],
])('%s of the function is told without its text', async (_, error, reason, fix) => {
  const { kafkaGroups } = await read(answering(bytes(error), 'Unhandled'));
  expect(kafkaGroups).toMatchObject({ ok: false, reason, fix: expect.stringMatching(fix) });
  expect(JSON.stringify(kafkaGroups)).not.toContain('pass-word-1');
});

test.each([
  ['AccessDeniedException', 'not-permitted', `Allow lambda:InvokeFunction on ${FUNCTION_ARN} for the caller`],
  ['ResourceNotFoundException', 'not-enabled', `Deploy the Kafka collector of this version (${FUNCTION_ARN})`],
  ['TooManyRequestsException', 'throttled', 'Run again later, or spread runs of several clusters over time'],
  ['ENINotReadyException', 'unreachable', 'Run again in a few minutes'],
  ['ServiceException', 'failed', undefined],
])('%s leaves every section %s', async (name, reason, fix) => {
  const { kafkaOffsets } = await read({ invoke: () => Promise.reject(awsError(name)) });
  expect(kafkaOffsets).toMatchObject({ ok: false, reason });
  expect(kafkaOffsets.ok ? '' : kafkaOffsets.fix).toBe(fix);
});

test('a collector that never answers is given up soon after its own deadline, so that CloudWatch is still asked', async () => {
  const invoke: FunctionInvoker['invoke'] = (_arn, _payload, signal) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  const reader = readThroughCollector({ invoke }, { functionArn: FUNCTION_ARN, region: 'us-east-1', auth: SCRAM });
  const { kafkaTopics } = await reader({ ...REQUEST, deadlineMs: Date.now() + 200 });
  expect(kafkaTopics).toMatchObject({
    ok: false,
    reason: 'timed-out',
    detail: expect.stringContaining('did not answer'),
  });
});
