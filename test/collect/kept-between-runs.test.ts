import type { GetMetricDataOutput } from '@aws-sdk/client-cloudwatch';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CollectSources } from '../../lib/collect/collect-job.ts';
import { collectSnapshot } from '../../lib/collect/collect-snapshot.ts';
import { kafkaMissing, type ReadKafka } from '../../lib/collect/kafka-stage.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import { cloudwatch, NOW, options, sources } from './answering-sources.ts';
import { inFastTime } from './fast-time.ts';
import { ARN, aReader, awsError } from './msk/an-answer.ts';

describe('stores between runs that never answer', () => {
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
      import('../../lib/collect/prices/collect-bill.ts'),
      import('../../lib/collect/prices/offline.ts'),
    ]);
  });

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
