// ListTopics, DescribeTopic and DescribeTopicPartitions on the wire: topology without a way to the brokers.
import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { collectMskTopics, type MskTopicsOptions } from '../../../lib/collect/msk/collect-topics.ts';
import { createMskReader, type MskReader } from '../../../lib/collect/msk/msk-reader.ts';
import { SectionRun } from '../../../lib/collect/section-run.ts';
import { mskTopicsSchema } from '../../../lib/snapshot/aws-sections.ts';
import { type Collected, missing } from '../../../lib/snapshot/collected.ts';
import type { SectionValue } from '../../../lib/snapshot/schema.ts';
import { AwsError } from '../../../sandbox/aws/http.ts';
import { mskOperation } from '../../../sandbox/aws/msk/routes.ts';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { type Answer, type AnsweredCall, type AwsFront, startAwsFront } from '../aws-front.ts';
import { inFastTime } from '../fast-time.ts';
import { ARN } from './an-answer.ts';
import { pathsOf, readValue, without, withValue } from './msk-front.ts';

const kafka: Record<string, Answer> = {};
let front: AwsFront;
let reader: MskReader;
beforeAll(async () => {
  front = await startAwsFront({ kafka }, (_service, method, url) => mskOperation(method, url));
  for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
  reader = await createMskReader({ region: 'us-east-1' });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await front.close();
});
beforeEach(() => {
  Object.assign(kafka, { ListTopics: LISTED, DescribeTopic: DESCRIBED, DescribeTopicPartitions: PARTITIONS });
});
afterEach(() => {
  front.faults.clear();
  front.requests.length = 0;
});

const TOPIC_ARN = ARN.arn.replace(':cluster/', ':topic/');
const base64 = (text: string) => Buffer.from(text).toString('base64');
const LISTED = {
  topics: [
    {
      topicArn: `${TOPIC_ARN}/payments`,
      topicName: 'payments',
      replicationFactor: 3,
      partitionCount: 2,
      outOfSyncReplicaCount: 1,
    },
  ],
};
// The guide's own example of `configs`.
const DESCRIBED = {
  topicArn: `${TOPIC_ARN}/payments`,
  topicName: 'payments',
  replicationFactor: 3,
  partitionCount: 2,
  configs: 'Y29tcHJlc3Npb24udHlwZT1wcm9kdWNlcgpyZXRlbnRpb24ubXM9NjA0ODAwMDAw',
  status: 'ACTIVE',
};
const PARTITIONS = {
  partitions: [
    { partition: 0, leader: 1, replicas: [1, 2, 3], isr: [1, 2, 3] },
    { partition: 1, leader: 2, replicas: [2, 3, 1], isr: [2, 3] },
  ],
};
const WHOLE = {
  name: 'payments',
  replicationFactor: 3,
  partitionCount: 2,
  outOfSyncReplicaCount: 1,
  configs: { 'retention.ms': '604800000', 'compression.type': 'producer' },
  partitions: PARTITIONS.partitions,
};

type MskTopics = Collected<SectionValue<'mskTopics'>>;
const cluster = () => aSnapshot().build().sections.cluster!;

async function collect({
  from = reader,
  deadlineMs = 10_000,
  ...options
}: Partial<MskTopicsOptions> & { from?: MskReader; deadlineMs?: number } = {}): Promise<MskTopics> {
  const run = new SectionRun(Date.now() + deadlineMs, { now: Date.now, progress: () => {} });
  try {
    const section = await collectMskTopics(from, ARN, run, { cluster: cluster(), ...options });
    if (section.ok) v.parse(mskTopicsSchema, section.value);
    return section;
  } finally {
    run.release();
  }
}

const partialOf = (section: MskTopics) => (section.ok ? section.partial : undefined);
const called = () => front.requests.map(({ operation }) => operation);

test('a topic is read with its settings, leaders, replicas and ISR', async () => {
  const section = await collect();
  expect(readValue(section)).toEqual([WHOLE]);
  expect(section).not.toHaveProperty('partial');
  expect(called()).toEqual(['ListTopics', 'DescribeTopic', 'DescribeTopicPartitions']);
});

test('a cluster without topics has none', async () => {
  kafka.ListTopics = { topics: [] };
  const section = await collect();
  expect(readValue(section)).toEqual([]);
  expect(section).not.toHaveProperty('partial');
});

describe('settings', () => {
  const configsOf = async (configs: string) => {
    kafka.DescribeTopic = withValue(DESCRIBED, 'configs', configs);
    const section = await collect();
    return { configs: readValue(section)[0]!.configs, partial: partialOf(section) };
  };

  test.each([
    ['key=value lines', 'min.insync.replicas=2\nindex.interval.bytes=1\n'],
    ['a JSON object', '{"min.insync.replicas":"2","index.interval.bytes":"1"}'],
    ['a JSON object of numbers', '{"min.insync.replicas":2,"nested":{"a":1}}'],
  ])('as %s: only the wanted ones are kept', async (_how, text) => {
    expect(await configsOf(base64(text))).toEqual({ configs: { 'min.insync.replicas': '2' }, partial: undefined });
  });

  test('of a topic that sets none are none', async () => {
    expect(await configsOf('')).toEqual({ configs: {}, partial: undefined });
    expect(await configsOf(base64('{}'))).toEqual({ configs: {}, partial: undefined });
  });

  test.each([
    ['half of a JSON object', base64('{"min.insync.replicas":')],
    ['bytes that are no text', Buffer.from([0xff, 0x00, 0x3d, 0x01]).toString('base64')],
    ['a page of a proxy', base64('<html>no</html>')],
    ['a value that is none', base64('min.insync.replicas=2\\nssl.keystore.password=hunter2')],
    ['more than any topic has', base64('x'.repeat(100_000))],
  ])('that are %s are not understood, and not taken for none', async (_what, configs) => {
    const read = await configsOf(configs);
    expect(read).toEqual({ configs: null, partial: 'settings of 1 topic not understood' });
  });
});

describe('each field may be missing', () => {
  test.each(pathsOf(LISTED))('of the list: %s', async (path) => {
    kafka.ListTopics = without(LISTED, path);
    const section = await collect();
    if (path === 'topics') {
      expect(section).toMatchObject({ ok: false, detail: 'kafka:ListTopics: the answer holds no Topics' });
      return;
    }
    const gone = ['topics.0', 'topics.0.topicName'];
    const expected = path === 'topics.0.outOfSyncReplicaCount' ? [{ ...WHOLE, outOfSyncReplicaCount: null }] : [WHOLE];
    expect(readValue(section)).toEqual(gone.includes(path) ? [] : expected);
    expect(partialOf(section)).toBe(path === 'topics.0.topicName' ? '1 topic came without a name' : undefined);
  });

  test.each(pathsOf(DESCRIBED))('of a topic: %s', async (path) => {
    kafka.DescribeTopic = without(DESCRIBED, path);
    const section = await collect();
    // What the list has told already is not lost.
    expect(readValue(section)).toEqual([path === 'configs' ? { ...WHOLE, configs: null } : WHOLE]);
    expect(partialOf(section)).toBe(path === 'configs' ? 'settings of 1 topic not understood' : undefined);
  });

  /** Only without a leader the rest of a partition says something. */
  test.each(pathsOf(PARTITIONS))('of the partitions: %s', async (path) => {
    kafka.DescribeTopicPartitions = without(PARTITIONS, path);
    const section = await collect();
    const [topic] = readValue(section);
    const [first, second] = PARTITIONS.partitions;
    if (path === 'partitions') expect(topic!.partitions).toBeNull();
    else if (path.endsWith('.leader')) expect(topic!.partitions).toEqual([{ ...first, leader: null }, second]);
    else if (/\.(replicas|isr)\.0$/.test(path)) expect(topic!.partitions).toHaveLength(2);
    else expect(topic!.partitions).toEqual([second]);
    expect(partialOf(section) === undefined).toBe(/\.(leader|replicas\.0|isr\.0)$/.test(path));
  });
});

test('a status that AWS may add changes nothing', async () => {
  kafka.DescribeTopic = withValue(DESCRIBED, 'status', 'ARCHIVING');
  expect(readValue(await collect())).toEqual([WHOLE]);
});

test('numbers that are none are not told', async () => {
  kafka.ListTopics = withValue(withValue(LISTED, 'topics.0.replicationFactor', -1), 'topics.0.partitionCount', 1.5);
  kafka.DescribeTopic = without(without(DESCRIBED, 'replicationFactor'), 'partitionCount');
  expect(readValue(await collect())[0]).toMatchObject({ replicationFactor: null, partitionCount: null });
});

describe('pages', () => {
  const pageOf = (call: AnsweredCall) => Number(call.url.searchParams.get('nextToken') ?? 0);
  const listPage = (call: AnsweredCall, total: number) => {
    const page = pageOf(call);
    const topics = [withValue(LISTED.topics[0]!, 'topicName', `topic-${page}`)];
    return { topics, ...(page + 1 < total ? { nextToken: String(page + 1) } : {}) };
  };

  test('of topics and of partitions are followed to the end', async () => {
    kafka.ListTopics = (call: AnsweredCall) => listPage(call, 3);
    kafka.DescribeTopicPartitions = (call: AnsweredCall) =>
      pageOf(call) === 0
        ? { partitions: PARTITIONS.partitions.slice(0, 1), nextToken: '1' }
        : { partitions: PARTITIONS.partitions.slice(1) };
    const section = await collect();
    expect(readValue(section).map(({ name }) => name)).toEqual(['topic-0', 'topic-1', 'topic-2']);
    expect(readValue(section).map(({ partitions }) => partitions?.length)).toEqual([2, 2, 2]);
    expect(section).not.toHaveProperty('partial');
  });

  test('with a token that comes again end, and are no whole list', async () => {
    kafka.ListTopics = { ...LISTED, nextToken: 'again' };
    kafka.DescribeTopicPartitions = { ...PARTITIONS, nextToken: 'again' };
    const section = await collect();
    expect(partialOf(section)).toContain('the list of topics went on after');
    expect(partialOf(section)).toContain('the partitions of 2 topics were not all listed');
  });
});

describe('a cluster without topic API', () => {
  const given = (changes: object) => {
    const described = cluster();
    return described.ok
      ? { ...described, value: { ...described.value, ...changes } as typeof described.value }
      : described;
  };
  test.each([
    ['serverless', aSnapshot().withKind('serverless').build().sections.cluster!, /serverless/],
    ['before Kafka 3.6', given({ kafkaVersion: '3.5.1' }), /3\.5\.1/],
    ['in maintenance', given({ state: 'MAINTENANCE' }), /MAINTENANCE/],
  ])('is not asked: %s', async (_what, described, detail) => {
    const section = await collect({ cluster: described });
    expect(section).toMatchObject({ ok: false, reason: 'not-supported', detail: expect.stringMatching(detail) });
    expect(called()).toEqual([]);
  });

  test.each([
    ['of 3.6.0', given({ kafkaVersion: '3.6.0' })],
    ['of a version that is not told', given({ kafkaVersion: null })],
    ['that may not be described', missing('not-permitted', 'may not')],
  ])('may be one: a cluster %s is asked', async (_what, described) => {
    expect((await collect({ cluster: described })).ok).toBe(true);
  });
});

describe('refused', () => {
  test('at the list: the fix names the rights of both services, on the cluster and on its topics', async () => {
    front.faults.inject({ service: 'kafka', operation: 'ListTopics', kind: '403' });
    const section = await collect();
    expect(section).toMatchObject({ ok: false, reason: 'not-permitted' });
    const fix = section.ok ? '' : section.fix;
    for (const right of [
      'kafka:ListTopics',
      'kafka:DescribeTopic,',
      'kafka:DescribeTopicPartitions',
      'kafka-cluster:Connect',
      'kafka-cluster:DescribeTopic ',
      'kafka-cluster:DescribeTopicDynamicConfiguration',
      ARN.arn,
      `${TOPIC_ARN}/*`,
    ])
      expect(fix).toContain(right);
  });

  test('at every topic: the list stands, few calls are spent, and the missing rights are named', async () => {
    kafka.ListTopics = {
      topics: Array.from({ length: 30 }, (_, i) => ({ topicName: `t${i}`, outOfSyncReplicaCount: 0 })),
    };
    front.faults.inject({ service: 'kafka', operation: 'DescribeTopic', kind: '403' });
    const section = await collect();
    expect(readValue(section)).toHaveLength(30);
    expect(partialOf(section)).toMatch(
      /^30 of 30 topics listed, not described \(.+\)\. Allow .*kafka-cluster:DescribeTopic/,
    );
    expect(called().filter((name) => name === 'DescribeTopic').length).toBeLessThanOrEqual(5);
  });

  test('at one topic, the others are described', async () => {
    kafka.ListTopics = { topics: ['a', 'b', 'c'].map((topicName) => ({ topicName })) };
    kafka.DescribeTopic = ({ url }: AnsweredCall) =>
      url.pathname.endsWith('/b') ? new AwsError('ForbiddenException', 'no', 403) : DESCRIBED;
    const section = await collect();
    expect(readValue(section).map(({ partitions }) => partitions !== null)).toEqual([true, false, true]);
    expect(partialOf(section)).toContain('1 of 3 topics listed, not described (ForbiddenException)');
  });

  test('a topic that was deleted since it was listed is gone, not unread', async () => {
    kafka.ListTopics = { topics: ['a', 'b'].map((topicName) => ({ topicName })) };
    kafka.DescribeTopic = ({ url }: AnsweredCall) =>
      url.pathname.endsWith('/b') ? new AwsError('UnknownTopicOrPartitionException', 'gone', 404) : DESCRIBED;
    const section = await collect();
    expect(readValue(section).map(({ name }) => name)).toEqual(['a']);
    expect(section).not.toHaveProperty('partial');
  });
});

describe('trouble on the way', () => {
  /** A client that lived in fast time keeps its waits. */
  const ownReader = () => createMskReader({ region: 'us-east-1' });

  test.each([
    ['429', 'throttled'],
    ['500', 'failed'],
  ] as const)('%s again and again at the list is %s', async (kind, reason) => {
    front.faults.inject({ service: 'kafka', operation: 'ListTopics', kind });
    const { value } = await inFastTime(async () => collect({ from: await ownReader(), deadlineMs: 120_000 }));
    expect(value).toMatchObject({ ok: false, reason });
  });

  test('throttled topics are given up after three, and named', async () => {
    kafka.ListTopics = { topics: Array.from({ length: 20 }, (_, i) => ({ topicName: `t${i}` })) };
    front.faults.inject({ service: 'kafka', operation: 'DescribeTopicPartitions', kind: '429' });
    const { value } = await inFastTime(async () =>
      collect({ from: await ownReader(), deadlineMs: 600_000, describeWithinMs: 300_000 }),
    );
    expect(partialOf(value)).toMatch(/^20 of 20 topics listed, not described \(TooManyRequestsException\)/);
  });

  test('a cut connection is tried again', async () => {
    front.faults.inject({ service: 'kafka', operation: 'DescribeTopic', kind: 'cut', times: 1 });
    expect(readValue(await collect())).toEqual([WHOLE]);
  });

  test('topics that answer slowly leave the list as it is', async () => {
    front.faults.inject({ service: 'kafka', operation: 'DescribeTopic', kind: 'slow', delayMs: 400 });
    const section = await collect({ describeWithinMs: 60 });
    expect(readValue(section)).toEqual([{ ...WHOLE, configs: null, partitions: null }]);
    expect(partialOf(section)).toBe('1 of 1 topic listed, not described (no time was left)');
  });

  test('a run that is over has no section, and says so', async () => {
    front.faults.inject({ service: 'kafka', operation: 'ListTopics', kind: 'slow', delayMs: 400 });
    expect(await collect({ deadlineMs: 60 })).toMatchObject({ ok: false, reason: 'timed-out' });
  });
});

describe('bounds, which need more topics than a server should send', () => {
  let described: string[];
  let atOnce: number;
  let most: number;
  const many = (count: number, endless = false): MskReader => ({
    ...reader,
    listTopics: async (_arn, token) => {
      const from = Number(token ?? 0);
      const Topics = Array.from({ length: Math.min(100, count - from) }, (_, i) => ({
        TopicName: `t${from + i}`,
        PartitionCount: from + i,
        OutOfSyncReplicaCount: from + i === 3 ? 2 : 0,
      }));
      return { Topics, ...(endless || from + 100 < count ? { NextToken: String(from + 100) } : {}) };
    },
    describeTopic: async (_arn, name) => {
      described.push(name);
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      return { Configs: '' };
    },
    describeTopicPartitions: async () => {
      atOnce -= 1;
      return { Partitions: [{ Partition: 0, Leader: 1, Replicas: [1], Isr: [1] }] };
    },
  });
  beforeEach(() => {
    described = [];
    atOnce = 0;
    most = 0;
  });

  test('200 topics are described, three at a time: first those out of sync, then the largest', async () => {
    const section = await collect({ from: many(350) });
    expect(described).toHaveLength(200);
    expect(described.slice(0, 3)).toEqual(['t3', 't349', 't348']);
    expect(most).toBe(3);
    expect(readValue(section)).toHaveLength(350);
    expect(partialOf(section)).toContain('150 of 350 topics listed, not described');
  });

  test('a list that never ends ends after 10,000 topics', async () => {
    const section = await collect({ from: many(1_000_000, true) });
    expect(readValue(section)).toHaveLength(10_000);
    expect(partialOf(section)).toContain('the list of topics went on after 10000');
  });
});
