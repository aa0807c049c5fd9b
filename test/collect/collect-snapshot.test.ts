import type { GetMetricDataOutput } from '@aws-sdk/client-cloudwatch';
import * as v from 'valibot';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { CollectSources } from '../../lib/collect/collect-job.ts';
import { collectSnapshot } from '../../lib/collect/collect-snapshot.ts';
import type { KafkaSections } from '../../lib/collect/kafka/collect-kafka.ts';
import { plannedSections, reportPlan } from '../../lib/collect/kafka/plan.ts';
import { kafkaMissing, type ReadKafka } from '../../lib/collect/kafka-stage.ts';
import type { MskReader } from '../../lib/collect/msk/msk-reader.ts';
import { missing, present } from '../../lib/snapshot/collected.ts';
import { SECTION_NAMES, snapshotSchema } from '../../lib/snapshot/schema.ts';
import { inFastTime } from './fast-time.ts';
import { ARN, aReader, awsError, brokerNode, standardCluster } from './msk/an-answer.ts';

const PLAN = reportPlan({ samples: 1, intervalSec: 0, readData: true, openMonitoring: true });
/** Only asked for where Kafka's own topology is missing. */
const DAILY_SECTIONS = SECTION_NAMES.filter((name) => name !== 'mskTopics');
const NOW = Date.UTC(2026, 10, 20, 10, 37, 42);

function options(changes: object = {}) {
  return {
    target: { kind: 'msk' as const, clusterArn: ARN.arn },
    windowHours: 24,
    nowMs: NOW,
    deadlineMs: Date.now() + 5_000,
    toolVersion: '0.1.0',
    kafkaPlan: PLAN,
    ...changes,
  };
}

function kafkaSections(): KafkaSections {
  return {
    kafkaBrokers: present(
      { clusterId: 'abc', controllerId: 1, brokers: [{ id: 7, host: 'h', port: 1, rack: null }] },
      NOW,
    ),
    kafkaTopics: present([], NOW),
    kafkaTopicConfigs: present({}, NOW),
    kafkaBrokerConfigs: present({}, NOW),
    kafkaGroups: present([], NOW),
    kafkaOffsets: present(
      {
        topics: { t: [{ partition: 0, start: '0', end: '9', error: null }] },
        committed: [{ groupId: 'g', topic: 't', partition: 0, offset: '4', error: null }],
      },
      NOW,
    ),
    kafkaSamples: present([], NOW),
    kafkaLogDirs: present([], NOW),
    kafkaReassignments: present([], NOW),
    kafkaQuorum: present({ leaderId: 1, leaderEpoch: 1, highWatermark: '1', voters: [], observers: [] }, NOW),
    kafkaQuotas: present([], NOW),
    kafkaProducers: present([], NOW),
    kafkaBatches: present([], NOW),
    openMonitoring: present({ spanSec: 20, brokers: [] }, NOW),
  };
}

const cloudwatch = {
  getMetricData: async (input: { MetricDataQueries?: { Id?: string | undefined }[] | undefined }) =>
    ({
      MetricDataResults: input.MetricDataQueries!.map(({ Id }) => ({
        Id,
        StatusCode: 'Complete',
        Timestamps: [],
        Values: [],
      })),
    }) as unknown as GetMetricDataOutput,
};

function sources(changes: Partial<CollectSources> = {}): CollectSources {
  const account = {
    storageScaling: async () => ({
      describeTargets: async () => ({ ScalableTargets: [] }),
      describePolicies: async () => ({ ScalingPolicies: [] }),
      describeActivities: async () => ({ ScalingActivities: [] }),
    }),
    alarms: async () => ({ describeAlarms: async () => ({ MetricAlarms: [] }) }),
    quotas: async () => ({ listApplied: async () => ({ Quotas: [] }), listDefaults: async () => ({ Quotas: [] }) }),
    connectors: async () => ({ listConnectors: async () => ({ connectors: [] }) }),
  };
  const openBill = async () => ({ getCostAndUsage: async () => ({ ResultsByTime: [] }) });
  return { msk: aReader(), cloudwatch, account, openBill, readKafka: async () => kafkaSections(), ...changes };
}

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

const DENIED = async () => Promise.reject(awsError('ForbiddenException', '', 403));

test.each<[string, keyof MskReader, string]>([
  ['nodes', 'listNodes', 'Allow kafka:ListNodes on ' + ARN.arn],
  ['bootstrap', 'getBootstrapBrokers', 'Allow kafka:GetBootstrapBrokers on *'],
  [
    'configuration',
    'describeConfigurationRevision',
    'Allow kafka:DescribeConfigurationRevision on arn:aws:kafka:us-east-1:111122223333:configuration/',
  ],
  ['operations', 'listClusterOperations', 'Allow kafka:ListClusterOperationsV2 on ' + ARN.arn],
  ['cluster', 'describeCluster', 'Allow kafka:DescribeClusterV2 on ' + ARN.arn],
])('without permission for %s the rest goes on, and the section names the action', async (section, method, fix) => {
  const snapshot = await collectSnapshot(options(), sources({ msk: aReader({ [method]: DENIED }) }));
  expect(v.parse(snapshotSchema, snapshot)).toEqual(snapshot);
  const denied = snapshot.sections[section as 'nodes'];
  expect(denied).toMatchObject({ ok: false, reason: 'not-permitted' });
  expect(denied?.ok === false ? denied.fix : '').toContain(fix);
  expect(snapshot.sections.operations?.ok).toBe(section !== 'operations');
});

test('without the list of nodes the metrics of living brokers are read, and said to be a part', async () => {
  const { sections } = await collectSnapshot(options(), sources({ msk: aReader({ listNodes: DENIED }) }));
  expect(sections.metrics).toMatchObject({ ok: true, partial: expect.stringContaining('not asked for') });
  const ids = sections.metrics?.ok ? sections.metrics.value.series.map((series) => series.dimensions['Broker ID']) : [];
  expect(new Set(ids)).toEqual(new Set([undefined, '7']));
});

test('without the cluster its nodes tell the kind, and the metrics of the free level are read', async () => {
  const { sections } = await collectSnapshot(options(), sources({ msk: aReader({ describeCluster: DENIED }) }));
  expect(sections.metrics).toMatchObject({ ok: true, partial: expect.stringContaining('above the free level') });
  expect(sections.configuration).toMatchObject({ ok: false, reason: 'not-permitted' });
  expect(sections.tags).toMatchObject({ ok: true, value: { Environment: 'staging' } });
});

test('without the cluster and its nodes its metrics cannot be chosen', async () => {
  const msk = aReader({ describeCluster: DENIED, listNodes: DENIED });
  const { sections } = await collectSnapshot(options(), sources({ msk }));
  expect(sections.metrics).toMatchObject({ ok: false, reason: 'not-permitted' });
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

test('Kafka out of reach leaves the rest, with the reason in each of its sections', async () => {
  const readKafka = async () => kafkaMissing(PLAN, missing('unreachable', 'no way to b-1', 'open port 9098'));
  const { sections } = await collectSnapshot(options(), sources({ readKafka }));
  expect(sections.kafkaGroups).toEqual({
    ok: false,
    reason: 'unreachable',
    detail: 'no way to b-1',
    fix: 'open port 9098',
  });
  expect(sections.metrics?.ok).toBe(true);
});

test('a Kafka reader that throws does not end the run', async () => {
  const { sections } = await collectSnapshot(
    options(),
    sources({ readKafka: () => Promise.reject(new Error('secret')) }),
  );
  expect(sections.kafkaTopics).toMatchObject({ ok: false, reason: 'failed' });
  expect(JSON.stringify(sections.kafkaTopics)).not.toContain('secret');
});

test('sources that never answer are given up at the deadline; what was read stays', async () => {
  const never = () => new Promise<never>(() => {});

  // What a run loads when it comes to it takes real time, which a clock that runs fast does not wait for.
  beforeAll(async () => {
    await Promise.all([
      import('../../lib/collect/account/connectors.ts'),
      import('../../lib/collect/account/quotas.ts'),
      import('../../lib/collect/account/stand-ins.ts'),
      import('../../lib/collect/account/storage-scaling.ts'),
      import('../../lib/collect/cloudwatch/kept-ranking.ts'),
      import('../../lib/collect/cloudwatch/plan-history.ts'),
      import('../../lib/collect/cloudwatch/ranking.ts'),
      import('../../lib/collect/prices/ask-price-list.ts'),
      import('../../lib/collect/prices/offline.ts'),
    ]);
  });
  const msk = aReader({ listNodes: never });
  const started = Date.now();
  const { sections } = await collectSnapshot(
    options({ deadlineMs: started + 200 }),
    sources({ msk, readKafka: never }),
  );
  expect(Date.now() - started).toBeLessThan(2_000);
  expect(sections.cluster?.ok).toBe(true);
  expect(sections.nodes).toMatchObject({ ok: false, reason: 'timed-out' });
  expect(sections.kafkaTopics).toMatchObject({ ok: false, reason: 'timed-out' });
});

test('Kafka gets less than the whole time, so that CloudWatch is still asked', async () => {
  const readKafka = vi.fn<ReadKafka>(async () => kafkaSections());
  const deadlineMs = Date.now() + 10_000;
  await collectSnapshot(options({ deadlineMs }), sources({ readKafka }));
  const given = readKafka.mock.calls[0]![0].deadlineMs;
  expect(given).toBeLessThanOrEqual(deadlineMs - 1_900);
  expect(given).toBeGreaterThan(deadlineMs - 4_000);
});

test.each([
  ['NotFoundException', '', 'not-found'],
  ['CredentialsProviderError', 'Could not load credentials', 'no-credentials'],
  ['ExpiredTokenException', '', 'expired-credentials'],
  ['UnrecognizedClientException', '', 'refused-credentials'],
])('%s on the cluster ends the run at once as %3$s', async (name, message, code) => {
  const listNodes = vi.fn<MskReader['listNodes']>();
  const msk = aReader({ describeCluster: () => Promise.reject(awsError(name, message)), listNodes });
  await expect(collectSnapshot(options(), sources({ msk }))).rejects.toMatchObject({ name: 'CollectError', code });
  expect(listNodes).not.toHaveBeenCalled();
});

const ALL_FAIL = (error: Error): MskReader => {
  const fail = () => Promise.reject(error);
  return aReader({
    describeCluster: fail,
    listNodes: fail,
    getBootstrapBrokers: fail,
    listClusterOperations: fail,
    listKafkaVersions: fail,
    getCompatibleKafkaVersions: fail,
    listTags: fail,
    listTopics: fail,
  });
};

test.each([
  [awsError('ForbiddenException', '', 403), 'not-permitted'],
  [Object.assign(new Error(), { code: 'ENOTFOUND' }), 'unreachable'],
  [awsError('TooManyRequestsException', '', 429), 'throttled'],
  [awsError('InternalServerErrorException', '', 500), 'aws-failed'],
  [awsError('BadRequestException', '', 400), 'nothing-collected'],
])('when nothing at all could be read the run ends: %s is %s', async (error, code) => {
  await expect(
    collectSnapshot(options(), sources({ msk: ALL_FAIL(error), account: undefined, openBill: undefined })),
  ).rejects.toMatchObject({
    name: 'CollectError',
    code,
  });
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

describe('stores between runs that never answer', () => {
  const never = () => new Promise<never>(() => {});

  test('cost five seconds in all, and no section', async () => {
    const cache = { load: never, save: never };
    const hanging = {
      hours: { load: never, store: never },
      weekly: { load: never, save: never },
      prices: { cache },
    };
    const { value, tookMs } = await inFastTime(
      () => collectSnapshot(options({ deadlineMs: Date.now() + 60_000 }), sources(hanging)),
      50,
    );
    // Two waits of five seconds one after the other at most: before a question, and after it.
    expect(tookMs).toBeLessThan(11_000);
    const { sections } = value;
    expect(Object.entries(sections).filter(([, section]) => !section.ok)).toEqual([]);
    const messages = sections.metrics?.ok ? sections.metrics.value.messages : [];
    expect(messages.map(({ code, value }) => [code, value])).toEqual([
      ['History', 'the hours of earlier runs could not be read in time'],
      ['History', 'hours could not be kept for later runs (TimeoutError)'],
    ]);
  });

  test('do not make the snapshot later than its deadline', async () => {
    const hanging = { weekly: { load: never, save: never }, prices: { cache: { load: never, save: never } } };
    const startedMs = performance.now();
    await collectSnapshot(options({ deadlineMs: Date.now() + 300 }), sources(hanging));
    expect(performance.now() - startedMs).toBeLessThan(1_500);
  });
});

describe('what is kept between runs', () => {
  const DAY_MS = 86_400_000;
  function aStore() {
    const saved: string[] = [];
    return { saved, load: async () => saved.at(-1) ?? null, save: async (text: string) => void saved.push(text) };
  }
  const run = (weekly: ReturnType<typeof aStore>, days: number, changes: Partial<CollectSources> = {}) => {
    const nowMs = NOW + days * DAY_MS;
    const withStore = sources({ weekly, now: () => nowMs, ...changes });
    return collectSnapshot(options({ nowMs, deadlineMs: nowMs + 5_000 }), withStore);
  };
  const refusing = (...services: ('quotas' | 'connectors' | 'storageScaling')[]) => {
    const { account } = sources();
    const refuse = async () => Promise.reject(awsError('AccessDeniedException'));
    return { account: { ...account!, ...Object.fromEntries(services.map((name) => [name, refuse])) } };
  };

  test('a section that can no longer be read stays for four weeks as it was, with its time and the failure', async () => {
    const store = aStore();
    await run(store, 0);
    const { sections } = await run(store, 8, refusing('quotas', 'storageScaling'));
    for (const section of [sections.quotas, sections.storageScaling]) {
      expect(section).toMatchObject({
        ok: true,
        asOfMs: NOW,
        partial: expect.stringMatching(/^as read on 2026-11-20; since then: .*AccessDenied/),
      });
    }
    expect(sections.connectors).toMatchObject({ ok: true, asOfMs: NOW + 8 * DAY_MS });
    // The good one is kept, not the failure: it stands until it is four weeks old.
    const last = await run(store, 27, refusing('quotas'));
    expect(last.sections.quotas).toMatchObject({ ok: true, asOfMs: NOW });
    const gone = await run(store, 28, refusing('quotas'));
    expect(gone.sections.quotas).toMatchObject({ ok: false, reason: 'not-permitted' });
  });

  test('what alarms contradict is not shown as it was', async () => {
    const store = aStore();
    await run(store, 0);
    const scaling = {
      AlarmName: 'TargetTracking-x',
      AlarmArn: 'a',
      MetricName: 'KafkaDataLogsDiskUsed',
      Namespace: 'AWS/Kafka',
    };
    const AlarmActions = ['arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:x:resource/kafka/y:policyName/z'];
    const Dimensions = [{ Name: 'Cluster Name', Value: 'orders' }];
    const { account } = refusing('storageScaling');
    const alarms = async () => ({
      describeAlarms: async () => ({ MetricAlarms: [{ ...scaling, AlarmActions, Dimensions }] }),
    });
    const { sections } = await run(store, 8, { account: { ...account, alarms } as CollectSources['account'] });
    expect(sections.alarms).toMatchObject({ ok: true, value: [{ isForAutoScaling: true }] });
    expect(sections.storageScaling).toMatchObject({ ok: false, reason: 'not-permitted' });
  });

  test('the groups that CloudWatch ranked are kept beside the sections, and a day that reads both keeps both', async () => {
    const store = aStore();
    const unreachable: ReadKafka = async ({ plan }) =>
      kafkaMissing(plan, missing('unreachable', 'no connection in time'));
    const ranked: object[] = [];
    const ranking = {
      getMetricData: async (input: Parameters<typeof cloudwatch.getMetricData>[0]) => {
        const [query] = input.MetricDataQueries!;
        if (query?.Id !== 'rank') return cloudwatch.getMetricData(input);
        ranked.push(query);
        // More than a day's share of the budget pays for.
        const results = Array.from({ length: 120 }, (_, i) => ({ Label: `t=orders g=g${i}`, Values: [1] }));
        return { MetricDataResults: results } as GetMetricDataOutput;
      },
    };
    const degraded = (days: number) => run(store, days, { readKafka: unreachable, cloudwatch: ranking });
    const first = await degraded(0);
    expect(first.sections.metrics).toMatchObject({ value: { cost: { ranking: { metricsRequested: 120 } } } });
    expect(Object.keys(JSON.parse(store.saved.at(-1)!)).sort()).toEqual(
      ['connectors', 'quotas', 'ranking', 'storageScaling'].sort(),
    );
    const { sections } = await degraded(2);
    expect(ranked).toHaveLength(1);
    const groups = sections.metrics?.ok
      ? sections.metrics.value.series.flatMap(({ dimensions }) => dimensions['Consumer Group'] ?? [])
      : [];
    expect(new Set(groups)).toContain('g100');
    expect(sections.metrics).toMatchObject({
      value: { messages: [{ code: 'Ranking', value: expect.stringContaining('2026-11-20') }] },
    });
    await degraded(3);
    expect(ranked).toHaveLength(2);
  });

  test('on Serverless without the brokers the topics with traffic are named by CloudWatch too, and asked for', async () => {
    const serverless = {
      ClusterName: 'orders',
      ClusterArn: ARN.arn,
      State: 'ACTIVE',
      ClusterType: 'SERVERLESS',
      Serverless: {},
    };
    const msk = aReader({ describeCluster: async () => ({ ClusterInfo: serverless }) as never });
    const unreachable: ReadKafka = async ({ plan }) =>
      kafkaMissing(plan, missing('unreachable', 'no connection in time'));
    const ranking = {
      getMetricData: async (input: {
        MetricDataQueries?: { Id?: string | undefined; Expression?: string | undefined }[] | undefined;
      }) => {
        const [query] = input.MetricDataQueries!;
        if (query?.Id !== 'rank') return cloudwatch.getMetricData(input);
        const Label = query.Expression!.includes('BytesInPerSec') ? 't=busy' : 't=orders g=billing';
        return { MetricDataResults: [{ Label, Values: [1] }] } as GetMetricDataOutput;
      },
    };
    const { sections } = await run(aStore(), 0, { msk, readKafka: unreachable, cloudwatch: ranking });
    const series = sections.metrics?.ok ? sections.metrics.value.series : [];
    const asked = series.map(({ metric, dimensions }) => [metric, dimensions.Topic, dimensions['Consumer Group']]);
    expect(asked).toContainEqual(['BytesInPerSec', 'busy', undefined]);
    expect(asked).toContainEqual(['MaxOffsetLag', 'orders', 'billing']);
    expect(sections.metrics).toMatchObject({ value: { cost: { ranking: { metricsRequested: 2, calls: 2 } } } });
  });
});
