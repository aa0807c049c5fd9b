import * as v from 'valibot';
import { expect, test, vi } from 'vitest';
import { collectSnapshot } from '../../lib/collect/collect-snapshot.ts';
import { plannedSections } from '../../lib/collect/kafka/plan.ts';
import { kafkaMissing, type ReadKafka } from '../../lib/collect/kafka-stage.ts';
import type { MskReader } from '../../lib/collect/msk/msk-reader.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import { snapshotSchema } from '../../lib/snapshot/schema.ts';
import { DAILY_SECTIONS, DENIED, kafkaSections, NOW, options, PLAN, sources } from './answering-sources.ts';
import { ARN, aReader, brokerNode, standardCluster } from './msk/an-answer.ts';

test('collects every section of an MSK cluster, in the form of the schema', async () => {
  const snapshot = await collectSnapshot(options(), sources());
  expect(v.parse(snapshotSchema, snapshot)).toEqual(snapshot);
  expect(Object.keys(snapshot.sections).sort()).toEqual([...DAILY_SECTIONS].sort());
  expect(Object.entries(snapshot.sections).filter(([, section]) => !section.ok)).toEqual([]);
  expect(snapshot.window).toEqual({ startMs: Date.UTC(2026, 10, 19, 10, 37), endMs: Date.UTC(2026, 10, 20, 10, 37) });
  expect(snapshot.takenAtMs).toBe(NOW);
});

test('keeps no key of the configuration that could hold a secret', async () => {
  const { sections } = await collectSnapshot(options(), sources());
  expect(sections.configuration).toMatchObject({
    ok: true,
    value: { revision: 4, properties: { 'min.insync.replicas': '2' } },
  });
});

test("asks Kafka at the cluster's own addresses, for the wanted authentication", async () => {
  const readKafka = vi.fn<ReadKafka>(async () => kafkaSections());
  await collectSnapshot(options(), sources({ readKafka }));
  expect(readKafka.mock.calls[0]![0]).toMatchObject({ brokers: ['b-1.x:9098', 'b-2.x:9098'], auth: 'iam' });
});

test('an authentication that the cluster does not offer says which ones it does', async () => {
  const target = { kind: 'msk' as const, clusterArn: ARN.arn, auth: 'scram' as const };
  const { sections } = await collectSnapshot(options({ target }), sources());
  expect(sections.kafkaTopics).toMatchObject({ ok: false, reason: 'not-enabled', fix: 'Use --auth iam' });
});

test('over the internet the public listener is asked, or nobody, with the reason', async () => {
  const target = { kind: 'msk' as const, clusterArn: ARN.arn, isPublic: true };
  const inside = { BootstrapBrokerStringSaslIam: 'b-1.x:9098' };
  const both = { ...inside, BootstrapBrokerStringPublicSaslIam: 'b-1-public.x:9198' };
  const readKafka = vi.fn<ReadKafka>(async () => kafkaSections());
  const msk = (strings: Record<string, string>) => aReader({ getBootstrapBrokers: async () => strings });
  await collectSnapshot(options({ target }), sources({ readKafka, msk: msk(both) }));
  expect(readKafka.mock.calls[0]![0]).toMatchObject({ brokers: ['b-1-public.x:9198'], auth: 'iam' });
  const { sections } = await collectSnapshot(options({ target }), sources({ readKafka, msk: msk(inside) }));
  expect(sections.kafkaTopics).toMatchObject({
    reason: 'not-enabled',
    detail: expect.stringContaining('no public listener'),
  });
  expect(readKafka).toHaveBeenCalledTimes(1);
});

test('asks CloudWatch for the lag of the groups that Kafka knows', async () => {
  const { sections } = await collectSnapshot(options(), sources());
  const lag = sections.metrics?.ok
    ? sections.metrics.value.series.filter((series) => series.metric === 'MaxOffsetLag')
    : [];
  expect(lag.map((series) => series.dimensions)).toEqual([
    { 'Cluster Name': 'orders', 'Consumer Group': 'g', Topic: 't' },
  ]);
});

test('tags that the description leaves out are asked for: no tags is not the same as none told', async () => {
  const info = standardCluster();
  delete info.Tags;
  const msk = aReader({ describeCluster: async () => ({ ClusterInfo: info }) });
  const { sections } = await collectSnapshot(options(), sources({ msk }));
  expect(sections.tags).toMatchObject({ ok: true, value: { Environment: 'staging' } });
});

test('a cluster without a configuration of its own runs on defaults', async () => {
  const info = standardCluster();
  delete info.Provisioned!.CurrentBrokerSoftwareInfo!.ConfigurationArn;
  const msk = aReader({ describeCluster: async () => ({ ClusterInfo: info }) });
  const { sections } = await collectSnapshot(options(), sources({ msk }));
  expect(sections.configuration).toMatchObject({ ok: false, reason: 'not-enabled' });
});

test('a serverless cluster is not asked for nodes and configuration', async () => {
  const listNodes = vi.fn<MskReader['listNodes']>();
  const msk = aReader({
    describeCluster: async () => ({
      ClusterInfo: { ClusterType: 'SERVERLESS', Serverless: { VpcConfigs: [] }, Tags: {} },
    }),
    listNodes,
  });
  const { sections } = await collectSnapshot(options(), sources({ msk }));
  expect(sections.nodes).toMatchObject({ ok: false, reason: 'not-supported' });
  expect(sections.configuration).toMatchObject({ ok: false, reason: 'not-supported' });
  expect(sections.metrics).toMatchObject({ ok: true });
  expect(listNodes).not.toHaveBeenCalled();
});

test('nodes come over several pages, by broker id, without controllers and ZooKeeper nodes', async () => {
  const pages = [
    { NodeInfoList: [brokerNode(3), { ControllerNodeInfo: { Endpoints: ['c'] } }], NextToken: 'n' },
    { NodeInfoList: [brokerNode(1), { ZookeeperNodeInfo: {} }, { BrokerNodeInfo: {} }] },
  ];
  const msk = aReader({ listNodes: async (_arn, token) => pages[token === undefined ? 0 : 1]! });
  const { sections } = await collectSnapshot(options(), sources({ msk }));
  expect(sections.nodes).toMatchObject({ ok: true, partial: "2 of the cluster's 3 brokers are listed with their id" });
  expect(sections.nodes?.ok ? sections.nodes.value.map((node) => node.brokerId) : []).toEqual([1, 3]);
});

test('a bad ARN ends before anything is asked', async () => {
  const describeCluster = vi.fn<MskReader['describeCluster']>();
  const target = { kind: 'msk' as const, clusterArn: 'orders' };
  await expect(
    collectSnapshot(options({ target }), sources({ msk: aReader({ describeCluster }) })),
  ).rejects.toMatchObject({ code: 'bad-arn' });
  expect(describeCluster).not.toHaveBeenCalled();
});

test('any Kafka is read without AWS: only its sections are there, and its id is its name', async () => {
  const target = { kind: 'kafka' as const, bootstrap: ['127.0.0.1:9092'] };
  const readKafka = vi.fn<ReadKafka>(async () => kafkaSections());
  const snapshot = await collectSnapshot(options({ target }), { readKafka });
  expect(v.parse(snapshotSchema, snapshot)).toEqual(snapshot);
  expect(snapshot.target).toEqual({ kind: 'kafka', name: 'abc' });
  expect(Object.keys(snapshot.sections).sort()).toEqual(plannedSections(PLAN).sort());
  expect(readKafka.mock.calls[0]![0]).toMatchObject({ brokers: ['127.0.0.1:9092'], auth: null });
});

test('a Kafka that cannot be read at all ends with its own reason in one line', async () => {
  const target = { kind: 'kafka' as const, bootstrap: ['127.0.0.1:1'] };
  const readKafka = async () =>
    kafkaMissing(PLAN, missing('unreachable', 'nothing listens\non 127.0.0.1:1', 'start it'));
  await expect(collectSnapshot(options({ target }), { readKafka })).rejects.toMatchObject({
    code: 'nothing-collected',
    message: 'Nothing could be read: nothing listens on 127.0.0.1:1. start it',
  });
});

test('an interrupt ends the run with its own reason, whatever was read', async () => {
  const interrupt = new AbortController();
  const readKafka = async () => {
    interrupt.abort(new Error('Ctrl-C'));
    return kafkaSections();
  };
  await expect(collectSnapshot(options(), sources({ readKafka, signal: interrupt.signal }))).rejects.toThrow('Ctrl-C');
});

test('tells the progress of each section once', async () => {
  const progress = vi.fn();
  await collectSnapshot(options(), sources({ progress, msk: aReader({ listNodes: DENIED }) }));
  const ended = progress.mock.calls.map(([event]) => event).filter((event) => event.state !== 'reading');
  expect(new Set(ended.map((event) => event.section))).toEqual(new Set(DAILY_SECTIONS));
  expect(ended).toHaveLength(DAILY_SECTIONS.length);
  expect(ended.find((event) => event.section === 'nodes')).toMatchObject({
    state: 'missing',
    detail: expect.stringContaining('kafka:ListNodes'),
  });
});
