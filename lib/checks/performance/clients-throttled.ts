// Minutes in which a broker answered late on purpose: client quotas on Standard brokers, the broker's throughput on Express.
import { THROTTLE_TIMES, throttledTime } from '../../analysis/throttled-time.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Evidence, type FindingDraft, type Recommendation, type RunContext } from '../check.ts';
import { kafkaTool } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { brokerTable, quantileOf } from '../shared/levels.ts';
import { MONITORING, NOT_SEEN_ELSEWHERE, PASSING_LOAD, QUOTAS_PAGE } from '../shared/load-words.ts';
import { compareLoads, showMetric } from '../shared/metric-command.ts';
import { brokerSeries, expectedBrokers, metricGap } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { SIZE_CHANGE_RISK, sizeUp, sizeUpCommands, sizeUpImpact } from '../shared/size-up.ts';
import { listed, MAX_ROWS, brokers as named, windowHours } from '../shared/wording.ts';

const percent = (value: number) => formatQuantity(value, 'percent');
type Quotas = Collected<SectionValue<'kafkaQuotas'>>;

export default defineCheck({
  id: 'clients-throttled',
  area: 'performance',
  title: { pass: 'Clients are not throttled', fail: 'Clients throttled' },
  why: 'A throttled client waits although the brokers have its request: latency and lag rise, and no broker looks busy.',
  references: [MONITORING, QUOTAS_PAGE],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: NOT_SEEN_ELSEWHERE,
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers', 'kafkaQuotas', 'cluster', 'prices'],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'kafkaQuotas', 'cluster', 'prices'],
  evaluate({ metrics, nodes, kafkaBrokers, kafkaQuotas, cluster, prices }, thresholds, run) {
    const { maxThrottledPercent: limit, minCoveragePercent } = thresholds;
    const expected = expectedBrokers(nodes, kafkaBrokers);
    const { percent: throttled, brokers, leastSeen } = throttledTime(metrics, expected, run.maintenance);
    const of = (definition: typeof METRICS.bytesIn) => brokerSeries(metrics, definition, run);
    const first = THROTTLE_TIMES[0][1];
    const thin = leastSeen === null || leastSeen.coverage * 100 < minCoveragePercent;
    const notAsked = metricGap(metrics, first, of(first), expected, 0);
    const gap = !thin
      ? null
      : leastSeen === null || of(first).size === 0
        ? (notAsked ?? `CloudWatch has no datapoints of ${first.name}`)
        : `too few usable datapoints of ${leastSeen.metric} (broker ${leastSeen.brokerId}: ${percent(100 * leastSeen.coverage)})`;
    const ids = brokers.map(({ brokerId }) => brokerId);
    const worst = brokers[0];
    const finding: FindingDraft = {
      scope: 'cluster',
      resource: run.clusterName,
      severity: severityFor(run, ['high', 'medium', 'low']),
      measured: throttled,
      limit,
      unit: 'percent',
      note: `of the time, by ${named(ids)}`,
      confidence: 1,
    };
    const ms = (kind: keyof NonNullable<typeof worst>['worstMs']) => (id: string) =>
      brokers.find(({ brokerId }) => brokerId === id)?.worstMs[kind] ?? null;
    return conclude({
      findings: throttled !== null && throttled > limit ? [finding] : [],
      gap,
      evidence: [
        brokerTable(
          'Throttled time by broker',
          ids,
          [
            ['minutes', 'Throttled', 'minutes', (id) => brokers.find((each) => each.brokerId === id)?.minutes ?? null],
            ['produce', 'Produce, at most', 'durationMs', ms('produce')],
            ['fetch', 'Fetch, at most', 'durationMs', ms('fetch')],
            ['request', 'Request, at most', 'durationMs', ms('request')],
            ['produceBytes', 'Produce throttled', 'bytesPerSec', quantileOf(of(METRICS.produceThrottleByteRate), 1)],
            ['fetchBytes', 'Fetch throttled', 'bytesPerSec', quantileOf(of(METRICS.fetchThrottleByteRate), 1)],
            ['queue', 'Requests waiting', 'count', quantileOf(of(METRICS.requestThrottleQueue), 1)],
            ['bytesIn', 'Bytes in, p95', 'bytesPerSec', quantileOf(of(METRICS.bytesIn), 0.95)],
            ['bytesOut', 'Bytes out, p95', 'bytesPerSec', quantileOf(of(METRICS.bytesOut), 0.95)],
          ],
          {
            source: `CloudWatch ${listed(THROTTLE_TIMES.map(([, { name }]) => name))}, Average of 300 s, last ${windowHours(run)} h, outside maintenance`,
            ...(worst === undefined ? {} : showMetric(run, first, worst.brokerId)),
          },
        ),
        ...quotaTable(kafkaQuotas),
      ],
      pass:
        throttled === 0
          ? 'No broker throttled any client.'
          : `Brokers throttled clients in ${percent(throttled ?? 0)} of the time (limit ${percent(limit)}).`,
      fail: () =>
        `Brokers throttled clients in ${percent(throttled!)} of the time (limit ${percent(limit)}), most of it ${named(ids.slice(0, 1))}.`,
      recommend: () =>
        run.clusterKind === 'provisioned-express'
          ? ofExpress(cluster, prices, run)
          : ofStandard(kafkaQuotas, worst!.worstMs),
    });
  },
});

function quotaTable(quotas: Quotas): Evidence[] {
  if (!quotas.ok || quotas.value.length === 0) return [];
  const rows = quotas.value.flatMap(({ entity, quotas: values }) =>
    Object.entries(values).map(([quota, value]) => ({
      entity: entity.map(({ type, name }) => `${type} ${name ?? '(default)'}`).join(', '),
      quota,
      value,
    })),
  );
  return [
    {
      title: 'Client quotas',
      columns: [
        { key: 'entity', label: 'For', as: 'name' },
        { key: 'quota', label: 'Quota', as: 'name' },
        { key: 'value', label: 'Value a broker', as: 'count' },
      ],
      rows: rows.slice(0, MAX_ROWS),
      source: 'Kafka DescribeClientQuotas, at the time of the report',
    },
  ];
}

function ofExpress(
  cluster: Collected<SectionValue<'cluster'>>,
  prices: Collected<SectionValue<'prices'>>,
  run: RunContext,
): Recommendation {
  const step = sizeUp(cluster);
  return {
    action: `First spread leaders and clients evenly over the brokers and compress; then add brokers${step === null ? '' : ` or go from ${step.from} to ${step.to}`}`,
    confirmFirst: PASSING_LOAD,
    commands: [...compareLoads(run, METRICS.bytesIn), ...sizeUpCommands(step, run)],
    risk: SIZE_CHANGE_RISK,
    expectedEffect: 'Express throttles above the quota of its size; below it produce and fetch times fall at once.',
    verifyAfter:
      'ProduceThrottleTime, FetchThrottleTime and RequestThrottleTime of every broker are 0 over a full day.',
    effort: 'rollingRestart',
    impact: sizeUpImpact(step, prices),
  };
}

const QUOTA_OF = { produce: 'producer_byte_rate', fetch: 'consumer_byte_rate', request: 'request_percentage' } as const;

function ofStandard(quotas: Quotas, worstMs: Readonly<Record<keyof typeof QUOTA_OF, number | null>>): Recommendation {
  const kinds = (Object.keys(QUOTA_OF) as (keyof typeof QUOTA_OF)[]).filter((kind) => (worstMs[kind] ?? 0) > 0);
  const keys = kinds.map((kind) => QUOTA_OF[kind]);
  const show = (type: string) =>
    kafkaTool('kafka-configs.sh', {
      purpose: `Show the quotas of ${type}`,
      args: ['--describe', '--entity-type', type],
    });
  const set = quotas.ok
    ? quotas.value.filter(({ quotas: values }) => keys.some((key) => Object.hasOwn(values, key)))
    : [];
  return {
    action: `Find out whose quota is too low (${listed(keys)}), and raise it or slow that client down`,
    confirmFirst:
      'Rule out a quota that does what it was set for: a backfill or a tenant that is held back on purpose. Without any quota it is the limit on new connections that throttles.',
    commands: [show('users'), show('clients'), ...(set.length === 1 ? raise(set[0]!, keys) : [])],
    risk: 'A higher quota lets that client take what others use: look at CPU and throughput first.',
    expectedEffect: 'Produce and fetch times of the throttled clients fall at once.',
    verifyAfter:
      'ProduceThrottleTime, FetchThrottleTime and RequestThrottleTime of every broker are 0 over a full day.',
    effort: 'setting',
    impact: { kind: 'none' },
  };
}

/** Doubles the only quota that can be meant. */
function raise({ entity, quotas }: SectionValue<'kafkaQuotas'>[number], keys: readonly string[]) {
  const types = { user: 'users', 'client-id': 'clients', ip: 'ips', other: null } as const;
  const args = entity.flatMap(({ type, name }) => {
    const plural = types[type];
    return plural === null
      ? []
      : ['--entity-type', plural, ...(name === null ? ['--entity-default'] : [`--entity-name=${name}`])];
  });
  const values = Object.entries(quotas).flatMap(([key, value]) => (keys.includes(key) ? [`${key}=${value * 2}`] : []));
  if (args.length === 0) return [];
  return [
    kafkaTool('kafka-configs.sh', {
      purpose: 'Double the quota, if the client is meant to be faster',
      effect: 'change',
      args: ['--alter', ...args, '--add-config', values.join(',')],
    }),
  ];
}
