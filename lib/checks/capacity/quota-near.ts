// What the cluster has against what MSK lets it have: brokers and volumes, and the quotas of Serverless.
import { throughputUse } from '../../analysis/throughput-limits.ts';
import { configValue } from '../../analysis/topology.ts';
import { BROKER_QUOTAS, MAX_VOLUME_GIB, SERVERLESS_QUOTAS } from '../../facts/msk-quotas.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Inputs } from '../check.ts';
import { conclude } from '../shared/conclude.ts';
import { NO_RISK, QUOTAS_PAGE } from '../shared/load-words.ts';
import { severityFor } from '../shared/severity.ts';
import { missingBecause } from '../shared/wording.ts';

const percent = (value: number) => formatQuantity(value, 'percent');
const SECTIONS = ['quotas', 'metrics', 'kafkaTopics', 'kafkaTopicConfigs', 'kafkaGroups'] as const;
type More = Pick<Inputs<never, (typeof SECTIONS)[number]>, (typeof SECTIONS)[number]>;
type Provisioned = Exclude<SectionValue<'cluster'>, { kind: 'serverless' }>;

interface Use {
  key: string;
  what: string;
  used: number;
  quota: number;
  /** Who says the quota. */
  source: string;
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
  toleratesPartial: ['quotas'],
  evaluate({ cluster, ...more }, { maxPercent }, run) {
    const { uses, gap } =
      cluster.kind === 'serverless' ? serverlessUses(cluster, more) : provisionedUses(cluster, more.quotas);
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
            { key: 'source', label: 'By', as: 'name' },
          ],
          rows: ordered.map((use) => ({
            what: use.what,
            used: use.used,
            quota: use.quota,
            share: shareOf(use),
            source: use.source,
          })),
          source:
            'DescribeClusterV2, Kafka metadata and CloudWatch against Service Quotas and the published limits; brokers of other clusters of the account are not counted',
        },
      ],
      pass:
        first === undefined
          ? ''
          : `The most used quota is at ${percent(shareOf(first))}: ${first.what} (limit ${percent(maxPercent)}).`,
      fail: ({ measured, note }) => `A quota is used to ${percent(measured!)}: ${note}.`,
      recommend: () => ({
        action:
          cluster.kind === 'serverless'
            ? 'Delete topics and groups that nobody uses, spread the rest over more clusters, or move to provisioned brokers'
            : 'Ask for a higher quota in Service Quotas before it is needed, or take larger brokers instead of more',
        confirmFirst: 'Rule out that the account already has a higher quota, which Service Quotas shows.',
        commands: [],
        risk: NO_RISK,
        expectedEffect: 'The next expansion is not refused.',
        verifyAfter: 'Service Quotas shows the new value.',
        effort: cluster.kind === 'serverless' ? 'migration' : 'setting',
        impact: { kind: 'none' },
      }),
    });
  },
});

function provisionedUses(
  cluster: Provisioned,
  quotas: Collected<SectionValue<'quotas'>>,
): { uses: Use[]; gap: string | null } {
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
  else if (!kafkaTopicConfigs.ok) gaps.push(missingBecause('which topics are compacted', kafkaTopicConfigs));
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
  else gaps.push(missingBecause('consumer groups', kafkaGroups));
  const throughput = metrics.ok ? (throughputUse(metrics.value, cluster, { rf: 1 }) ?? []) : [];
  if (throughput.length < 2) gaps.push('CloudWatch has no traffic in and out by topic');
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
