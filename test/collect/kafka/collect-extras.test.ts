import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import { REQUEST_TIMEOUT_MS } from '../../../lib/collect/kafka/connector.ts';
import { EXTRA_SECTIONS } from '../../../lib/collect/kafka/plan.ts';
import { sectionsSchema } from '../../../lib/snapshot/schema.ts';
import { inFastTime } from '../fast-time.ts';
import { describeConfigsAnswer } from './answer-writers.ts';
import { collectFrom, partial, value } from './collect-from.ts';
import * as answers from './extra-answer-writers.ts';
import { type FakeCluster, KAFKA_2_4, startFakeCluster, topic } from './fake-cluster.ts';

const CLUSTER_AUTHORIZATION_FAILED = 31;
const NOT_CONTROLLER = 41;
const ALL = { sections: EXTRA_SECTIONS };

let cluster: FakeCluster;
afterEach(() => cluster.stop());

async function threeBrokers(): Promise<void> {
  cluster = await startFakeCluster(3);
  cluster.topics = [topic('a', [1, 2, 3])];
}

const asked = (key: number) => cluster.requests.filter((request) => request.startsWith(`${key}/`));

describe('what is read beyond the core', () => {
  it('costs N requests for the log directories and one for each of the others', async () => {
    await threeBrokers();
    await collectFrom(cluster);
    const core = cluster.requests.length;
    cluster.requests = [];
    const sections = await collectFrom(cluster, { plan: ALL });
    expect(cluster.requests).toHaveLength(core + 3 + 1 + 1 + 1);
    expect(v.parse(sectionsSchema, sections)).toEqual(sections);
    for (const name of EXTRA_SECTIONS) expect(sections[name], name).toMatchObject({ ok: true });
  });

  it('is absent when it was not asked for', async () => {
    await threeBrokers();
    const sections = await collectFrom(cluster, { plan: { sections: ['kafkaQuorum'] } });
    expect(EXTRA_SECTIONS.filter((name) => name in sections)).toEqual(['kafkaQuorum']);
  });

  it('is not permitted as a whole where the brokers refuse it, with the permission that is missing', async () => {
    await threeBrokers();
    cluster.onRequest = (key) => {
      const errorCode = CLUSTER_AUTHORIZATION_FAILED;
      if (key === 35) return answers.describeLogDirsAnswer(4, { errorCode, dirs: [] });
      if (key === 46) return answers.listPartitionReassignmentsAnswer({ errorCode, partitions: [] });
      if (key === 48) return answers.describeClientQuotasAnswer(1, { errorCode, quotas: [] });
      return null;
    };
    const { kafkaLogDirs, kafkaReassignments, kafkaQuotas, kafkaQuorum } = await collectFrom(cluster, { plan: ALL });
    const fixes = { reason: 'not-permitted', fix: expect.stringContaining('kafka-cluster:Describe') };
    expect([kafkaLogDirs, kafkaReassignments, kafkaQuotas]).toEqual([
      expect.objectContaining(fixes),
      expect.objectContaining(fixes),
      expect.objectContaining(fixes),
    ]);
    expect(kafkaQuorum).toMatchObject({ ok: true });
    // A refusal is the same from every broker.
    expect(asked(46)).toHaveLength(1);
  });

  it('is not supported by brokers that do not speak it, and costs no request', async () => {
    cluster = await startFakeCluster(1, KAFKA_2_4);
    const { kafkaQuorum, kafkaQuotas, kafkaLogDirs } = await collectFrom(cluster, { plan: ALL });
    expect([kafkaQuorum, kafkaQuotas]).toEqual([
      expect.objectContaining({ reason: 'not-supported', detail: expect.stringContaining('ZooKeeper') }),
      expect.objectContaining({ reason: 'not-supported', detail: expect.stringContaining('Kafka 2.6') }),
    ]);
    expect(kafkaLogDirs).toMatchObject({ ok: true, value: [{ dirs: [{ totalBytes: null, usableBytes: null }] }] });
    expect([...asked(48), ...asked(55)]).toEqual([]);
  });
});

describe('log directories', () => {
  it('are each broker’s replicas by topic, and what is left on its volumes', async () => {
    await threeBrokers();
    const { kafkaLogDirs } = await collectFrom(cluster, { plan: ALL });
    expect(value(kafkaLogDirs!)[1]).toEqual({
      brokerId: 2,
      dirs: [{ error: null, totalBytes: 1000, usableBytes: 900 }],
      topics: { a: [{ partition: 0, sizeBytes: 200, offsetLag: '0', isFuture: false }] },
    });
  });

  it('of a broker that went away are missing, and the others’ are there', async () => {
    await threeBrokers();
    cluster.onRequest = (key, id) => (key === 35 && id === 2 ? 'hang up' : null);
    const { kafkaLogDirs } = await collectFrom(cluster, { plan: ALL });
    expect(value(kafkaLogDirs!).map(({ brokerId }) => brokerId)).toEqual([1, 3]);
    expect(partial(kafkaLogDirs!)).toContain('no answer from broker 2');
  });

  it('of a broker that names none before version 3 were refused', async () => {
    cluster = await startFakeCluster(1, KAFKA_2_4);
    cluster.onRequest = (key) => (key === 35 ? answers.describeLogDirsAnswer(1, { errorCode: 0, dirs: [] }) : null);
    const { kafkaLogDirs } = await collectFrom(cluster, { plan: ALL });
    expect(kafkaLogDirs).toMatchObject({ reason: 'not-permitted' });
  });
});

describe('what one broker says for all', () => {
  it('is asked of the next one when the first is not the controller', async () => {
    await threeBrokers();
    const moves = [{ topic: 'a', partition: 1, replicas: [1, 2, 3], adding: [3], removing: [1] }];
    cluster.onRequest = (key, id) => {
      if (key !== 46) return null;
      const isController = id === 2;
      const errorCode = isController ? 0 : NOT_CONTROLLER;
      return answers.listPartitionReassignmentsAnswer({ errorCode, partitions: isController ? moves : [] });
    };
    const { kafkaReassignments } = await collectFrom(cluster, { plan: ALL });
    expect(value(kafkaReassignments!)).toEqual(moves);
    expect(asked(46)).toEqual(['46/1', '46/2']);
  });

  it('is asked when all else is read: a controller that says nothing costs its own answers and one time-out', async () => {
    await threeBrokers();
    cluster.onRequest = (key) => (key === 46 || key === 55 ? 'silent' : null);
    const plan = { ...ALL, samples: 3, intervalSec: 0 };
    const { value: sections, tookMs } = await inFastTime(() => collectFrom(cluster, { plan }));
    expect(tookMs).toBeGreaterThanOrEqual(REQUEST_TIMEOUT_MS);
    expect(tookMs).toBeLessThan(2 * REQUEST_TIMEOUT_MS);
    for (const name of ['kafkaReassignments', 'kafkaQuorum'] as const)
      expect(sections[name]).toMatchObject({ reason: 'timed-out' });
    // The next broker would wait for the same controller.
    expect([asked(46).length, asked(55).length]).toEqual([1, 1]);
    expect(value(sections.kafkaSamples)).toHaveLength(3);
    const rest = Object.values(sections).filter((section) => section.ok);
    expect(rest.filter((section) => section.ok && section.partial !== undefined)).toEqual([]);
    expect(rest).toHaveLength(9);
  });

  it('is asked of another broker when the first is silent for reasons of its own', async () => {
    await threeBrokers();
    cluster.onRequest = (key, id) => (key === 48 && id === 1 ? 'silent' : null);
    const { value: sections } = await inFastTime(() => collectFrom(cluster, { plan: ALL }));
    expect(sections.kafkaQuotas).toMatchObject({ ok: true, value: [] });
    expect(asked(48)).toEqual(['48/1', '48/2']);
  });

  it('keeps defaults and entities of kinds that are not known yet', async () => {
    await threeBrokers();
    const quotas = [
      { entity: [{ type: 'user', name: null }], values: [{ key: 'producer_byte_rate', value: 1024.5 }] },
      { entity: [{ type: 'moon', name: 'x' }], values: [] },
    ];
    cluster.onRequest = (key) => (key === 48 ? answers.describeClientQuotasAnswer(1, { errorCode: 0, quotas }) : null);
    expect(value((await collectFrom(cluster, { plan: ALL })).kafkaQuotas!)).toEqual([
      { entity: [{ type: 'user', name: null }], quotas: { producer_byte_rate: 1024.5 } },
      { entity: [{ type: 'other', name: 'x' }], quotas: {} },
    ]);
  });
});

describe('topics that permissions leave out in silence', () => {
  it('are seen on the brokers’ disks: topics and offsets are not the whole of them', async () => {
    cluster = await startFakeCluster(1);
    cluster.topics = [topic('mine', [1])];
    const sections = await collectFrom(cluster, { plan: ALL });
    const gap = '1 topic on the brokers’ disks may not be described, or was being made or deleted';
    for (const name of ['kafkaTopics', 'kafkaTopicConfigs', 'kafkaOffsets', 'kafkaSamples'] as const)
      expect(partial(sections[name]), name).toContain(gap);
  });

  it('are not looked for among those that Kafka and AWS keep for themselves', async () => {
    cluster = await startFakeCluster(1);
    cluster.topics = [topic('a', [1])];
    cluster.onRequest = (key) => {
      if (key !== 35) return null;
      const replicas = [{ partition: 0, sizeBytes: 1, offsetLag: '0', isFuture: false }];
      const topics = [{ topic: '__amazon_msk_canary', replicas }];
      const dirs = [{ errorCode: 0, path: '/d', topics, totalBytes: 1, usableBytes: 1 }];
      return answers.describeLogDirsAnswer(4, { errorCode: 0, dirs });
    };
    expect(partial((await collectFrom(cluster, { plan: ALL })).kafkaTopics)).toBe('');
  });
});

describe('an error that is no refusal', () => {
  it('is a failure, and sends nobody to the permissions', async () => {
    cluster = await startFakeCluster(1);
    cluster.topics = [topic('a', [1])];
    const errorCode = -1; // UNKNOWN_SERVER_ERROR
    cluster.onRequest = (key) => {
      if (key === 35) return answers.describeLogDirsAnswer(4, { errorCode, dirs: [] });
      if (key !== 32) return null;
      const broker = { errorCode, type: 'broker' as const, name: '1', entries: [] };
      return describeConfigsAnswer([broker, { ...broker, type: 'topic', name: 'a' }]);
    };
    const { kafkaLogDirs, kafkaBrokerConfigs, kafkaTopicConfigs } = await collectFrom(cluster, { plan: ALL });
    for (const section of [kafkaLogDirs!, kafkaBrokerConfigs, kafkaTopicConfigs]) {
      expect(section).toMatchObject({ reason: 'failed', detail: expect.stringContaining('UNKNOWN_SERVER_ERROR') });
      expect(section).not.toHaveProperty('fix');
    }
  });

  it('of one directory leaves a gap: what lies in it is not counted', async () => {
    cluster = await startFakeCluster(1);
    cluster.onRequest = (key) => {
      if (key !== 35) return null;
      const dirs = [{ errorCode: 56, path: '/d', topics: [], totalBytes: null, usableBytes: null }];
      return answers.describeLogDirsAnswer(4, { errorCode: 0, dirs });
    };
    const { kafkaLogDirs } = await collectFrom(cluster, { plan: ALL });
    expect(partial(kafkaLogDirs!)).toBe('a log directory of broker 1 is offline, and what lies in it is not counted');
  });
});

describe('broker settings', () => {
  it('come from each broker itself, with the topics’, in one request each', async () => {
    await threeBrokers();
    const { kafkaBrokerConfigs } = await collectFrom(cluster);
    expect(Object.keys(value(kafkaBrokerConfigs))).toEqual(['1', '2', '3']);
    expect(asked(32)).toHaveLength(3);
  });
});
