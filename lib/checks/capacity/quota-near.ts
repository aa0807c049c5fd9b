// What the cluster has against what MSK lets it have: brokers and volumes, and the quotas of Serverless.
import { diskGrowth } from '../../analysis/disk-forecasts.ts';
import { throughputUse } from '../../analysis/throughput-limits.ts';
import { configValue } from '../../analysis/topology.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { BROKER_QUOTAS, MAX_VOLUME_GIB, SERVERLESS_QUOTAS } from '../../facts/msk-quotas.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Inputs, type Recommendation, type RunContext } from '../check.ts';
import { conclude } from '../shared/conclude.ts';
import { NO_RISK, QUOTAS_PAGE } from '../shared/load-words.ts';
import { brokerSeries, trafficGap } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { missingBecause } from '../shared/wording.ts';

const percent = (value: number) => formatQuantity(value, 'percent');
const SECTIONS = ['quotas', 'metrics', 'operations', 'kafkaTopics', 'kafkaTopicConfigs', 'kafkaGroups'] as const;
type More = Pick<Inputs<never, (typeof SECTIONS)[number]>, (typeof SECTIONS)[number]>;
type Provisioned = Exclude<SectionValue<'cluster'>, { kind: 'serverless' }>;

interface Use {
  key: string;
  what: string;
  used: number;
  quota: number;
  /** Who says the quota. */
  source: string;
  /** Until it is used up at the rate of the last weeks; absent where nothing grows or nothing tells. */
  days?: number | null;
}

export default defineCheck({
  id: 'quota-near',
  area: 'capacity',
  title: { pass: 'Quotas of MSK have room', fail: 'Quotas of MSK nearly used up' },
  why: 'At a quota the cluster cannot grow any more: brokers, storage or partitions are refused on the day when they are needed.',
  references: [QUOTAS_PAGE, 'https://docs.aws.amazon.com/general/latest/gr/msk.html'],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'serverless'],
  notApplicable: { kafka: 'Quotas of MSK do not hold outside it.' },
  needs: ['cluster'],
  mayUse: SECTIONS,
  toleratesPartial: ['quotas', 'operations'],
  evaluate({ cluster, ...more }, { maxPercent }, run) {
    const { uses, gap } =
      cluster.kind === 'serverless' ? serverlessUses(cluster, more) : provisionedUses(cluster, more, run);
    const shareOf = ({ used, quota }: Use) => (100 * used) / quota;
    const ordered = uses.toSorted((a, b) => shareOf(b) - shareOf(a));
    const [first] = ordered;
    return conclude({
      findings: ordered
        .filter((use) => shareOf(use) > maxPercent)
        .map((use) => ({
          scope: 'cluster',
          resource: `${run.clusterName}/${use.key}`,
          severity: severityFor(run, ['medium', 'low', 'info']),
          measured: shareOf(use),
          limit: maxPercent,
          unit: 'percent',
          note: `${formatQuantity(use.used, 'count')} of ${formatQuantity(use.quota, 'count')} ${use.what}`,
          confidence: 1,
        })),
      gap,
      evidence: [
        {
          title: 'Use of quotas',
          columns: [
            { key: 'what', label: 'Quota', as: 'name' },
            { key: 'used', label: 'Used', as: 'count' },
            { key: 'quota', label: 'Allowed', as: 'count' },
            { key: 'share', label: 'Share', as: 'percent' },
            { key: 'days', label: 'Used up in, at the trend', as: 'days' },
            { key: 'source', label: 'By', as: 'name' },
          ],
          rows: ordered.map((use) => ({
            what: use.what,
            used: use.used,
            quota: use.quota,
            share: shareOf(use),
            days: use.days ?? null,
            source: use.source,
          })),
          source:
            'DescribeClusterV2, Kafka metadata and CloudWatch against Service Quotas and the published limits, data on volumes by the trend of KafkaDataLogsDiskUsed; brokers of other clusters of the account are not counted',
        },
      ],
      pass:
        first === undefined
          ? ''
          : `The most used quota is at ${percent(shareOf(first))}: ${first.what} (limit ${percent(maxPercent)}).`,
      fail: ({ measured, note }) => `A quota is used to ${percent(measured!)}: ${note}.`,
      recommend: (_, found) => ({
        ...adviceFor(
          cluster.kind === 'serverless',
          found.map(({ resource }) => resource.endsWith('/volume')),
        ),
        commands: [],
        expectedEffect: 'The next expansion is not refused.',
        impact: { kind: 'none' },
      }),
    });
  },
});

type Advice = Pick<Recommendation, 'action' | 'confirmFirst' | 'risk' | 'verifyAfter' | 'effort'>;

/** @param ofVolume for each finding, whether it is about the size of volumes, which no request raises */
function adviceFor(isServerless: boolean, ofVolume: readonly boolean[]): Advice {
  const ask: Advice = {
    action: isServerless
      ? 'Delete topics and groups that nobody uses, spread the rest over more clusters, or move to provisioned brokers'
      : 'Ask for a higher quota in Service Quotas before it is needed, or take larger brokers instead of more',
    confirmFirst: 'Rule out that the account already has a higher quota, which Service Quotas shows.',
    risk: NO_RISK,
    verifyAfter: 'Service Quotas shows the new value.',
    effort: isServerless ? 'migration' : 'setting',
  };
  if (!ofVolume.includes(true)) return ask;
  const shrink: Advice = {
    action: `Shorten retention, move cold data to tiered storage, or add brokers and move partitions to them: ${MAX_VOLUME_GIB} GiB is the largest volume of MSK, and no request raises it`,
    confirmFirst: 'Ask the owners before retention is shortened: what is older is deleted for good.',
    risk: 'Shorter retention deletes records for good; partitions that move take network and disk meanwhile. Volumes never shrink.',
    verifyAfter: 'KafkaDataLogsDiskUsed of every broker levels off.',
    effort: 'migration',
  };
  if (!ofVolume.includes(false)) return shrink;
  return {
    ...shrink,
    action: `${shrink.action}. For the other quotas: ${ask.action}`,
    confirmFirst: `${shrink.confirmFirst} ${ask.confirmFirst}`,
    verifyAfter: `${shrink.verifyAfter} ${ask.verifyAfter}`,
  };
}

/** Until the data of the first broker would take the largest volume; null where none grows, or nothing tells. */
function daysToLargest(volumeGiB: number, { metrics, operations }: More, run: RunContext): number | null {
  if (!metrics.ok) return null;
  const used = brokerSeries(metrics.value, METRICS.diskUsed, run, { masked: false, dropLast: 0 });
  const days = [...diskGrowth(metrics.value, operations)].flatMap(([brokerId, percentPerDay]) => {
    const now = used.get(brokerId)?.latest?.value;
    if (now === undefined || percentPerDay <= 0) return [];
    return [Math.max(0, (100 * MAX_VOLUME_GIB) / volumeGiB - now) / percentPerDay];
  });
  return days.length === 0 ? null : Math.min(...days);
}

function provisionedUses(cluster: Provisioned, more: More, run: RunContext): { uses: Use[]; gap: string | null } {
  const { quotas } = more;
  // Of an unknown mode the smaller quota counts.
  const mode = cluster.metadataMode === 'kraft' ? 'kraft' : 'zookeeper';
  const own = (limits: string, fallback: number) => {
    const found = quotas.ok ? quotas.value.find((quota) => quota.limits === limits && quota.value !== null) : undefined;
    return found === undefined
      ? { quota: fallback, source: 'the published limit' }
      : {
          quota: found.value!,
          source: found.source === 'applied' ? 'Service Quotas, of this account' : 'Service Quotas, default of AWS',
        };
  };
  const volumeGiB = cluster.kind === 'provisioned-standard' ? cluster.volumeGiBPerBroker : null;
  const uses: Use[] = [
    {
      key: 'brokers',
      what: 'brokers of the cluster',
      used: cluster.brokerCount,
      ...own(`brokers-per-${mode}-cluster`, BROKER_QUOTAS.perCluster[mode]),
    },
    {
      key: 'account-brokers',
      what: 'brokers of the account, those of this cluster alone',
      used: cluster.brokerCount,
      ...own('brokers-per-account', BROKER_QUOTAS.perAccount),
    },
  ];
  if (volumeGiB !== null)
    uses.push({
      key: 'volume',
      what: 'GiB of a volume',
      used: volumeGiB,
      quota: MAX_VOLUME_GIB,
      source: 'the published limit',
      days: daysToLargest(volumeGiB, more, run),
    });
  const isUnknown = cluster.kind === 'provisioned-standard' && volumeGiB === null;
  return { uses, gap: isUnknown ? 'the size of the volumes is not known' : null };
}

function serverlessUses(
  cluster: SectionValue<'cluster'>,
  { metrics, kafkaTopics, kafkaTopicConfigs, kafkaGroups }: More,
): { uses: Use[]; gap: string | null } {
  const source = 'the published limit';
  const uses: Use[] = [];
  const gaps: string[] = [];
  if (!kafkaTopics.ok) gaps.push(missingBecause('Kafka metadata', kafkaTopics));
  else if (!kafkaTopicConfigs.ok) gaps.push(missingBecause('the configuration of topics', kafkaTopicConfigs));
  else {
    const isCompacted = (topic: string) =>
      configValue(kafkaTopicConfigs.value, topic, 'cleanup.policy')?.includes('compact') === true;
    const own = kafkaTopics.value.filter(({ internal }) => !internal);
    const count = (compacted: boolean) =>
      own
        .filter(({ name }) => isCompacted(name) === compacted)
        .reduce((total, { partitions }) => total + partitions.length, 0);
    uses.push(
      { key: 'partitions', what: 'partitions', used: count(false), quota: SERVERLESS_QUOTAS.partitions, source },
      {
        key: 'compacted-partitions',
        what: 'compacted partitions',
        used: count(true),
        quota: SERVERLESS_QUOTAS.compactedPartitions,
        source,
      },
    );
  }
  if (kafkaGroups.ok)
    uses.push({
      key: 'groups',
      what: 'consumer groups',
      used: kafkaGroups.value.length,
      quota: SERVERLESS_QUOTAS.consumerGroups,
      source,
    });
  else gaps.push(missingBecause('the list of groups', kafkaGroups));
  const throughput = metrics.ok ? (throughputUse(metrics.value, cluster, { rf: 1 }) ?? []) : [];
  const unseen = trafficGap(throughput, 0);
  if (unseen !== null) gaps.push(unseen);
  for (const { dimension, bytesPerSec, limitBytesPerSec } of throughput)
    uses.push({
      key: dimension,
      what: `bytes a second ${dimension === 'quota-in' ? 'in' : 'out'}`,
      used: bytesPerSec,
      quota: limitBytesPerSec,
      source,
    });
  return { uses, gap: gaps[0] ?? null };
}
