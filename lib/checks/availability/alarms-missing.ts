// Whether somebody is called between two reports: the alarms that AWS recommends, against those that watch this cluster.
import { type AlarmCoverage, alarmCoverage, type LagPair } from '../../analysis/alarm-coverage.ts';
import { hasLagMetrics } from '../../facts/consumer-groups.ts';
import { EXPRESS_ALARMS, LAG_ALARM, RECOMMENDED_ALARMS } from '../../facts/recommended-alarms.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { plural } from '../../text/units.ts';
import { defineCheck, type Evidence, type Impact, type Recommendation, type RunContext } from '../check.ts';
import { alarmCommands } from '../shared/alarm-commands.ts';
import { regionOf } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { readGroups } from '../shared/consumers.ts';
import { groupTopics } from '../shared/group-topics.ts';
import { BEST_PRACTICES } from '../shared/load-words.ts';
import { addedCost, priceOf } from '../shared/money.ts';
import { expectedBrokers } from '../shared/series.ts';
import { notServing } from '../shared/serving.ts';
import { severityFor } from '../shared/severity.ts';
import { listed, missingBecause } from '../shared/wording.ts';

const CONSUMERS = ['kafkaGroups', 'kafkaOffsets', 'kafkaSamples'] as const;
type Cluster = SectionValue<'cluster'>;
type Section<N extends (typeof CONSUMERS)[number]> = Collected<SectionValue<N>>;

export default defineCheck({
  id: 'alarms-missing',
  area: 'availability',
  title: { pass: 'Alarms watch what AWS recommends', fail: 'Trouble that no alarm would report' },
  why: 'A report comes once a day; what breaks between two of them is found by clients, unless an alarm calls somebody.',
  references: [
    BEST_PRACTICES,
    'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'serverless'],
  notApplicable: { kafka: 'CloudWatch knows Amazon MSK alone.' },
  needs: ['alarms', 'cluster'],
  mayUse: ['nodes', 'security', 'prices', ...CONSUMERS],
  toleratesPartial: ['cluster', 'nodes', 'security', 'prices', ...CONSUMERS],
  evaluate({ alarms, cluster, nodes, security, prices, kafkaGroups, kafkaOffsets, kafkaSamples }, thresholds, run) {
    const early = notServing(cluster);
    if (early !== null) return early;
    const brokerIds = expectedBrokers(nodes, null);
    const wanted = wantedOf(cluster, security);
    const pairs = busiestPairs(kafkaGroups, kafkaOffsets, kafkaSamples, thresholds.busiestPairs, run);
    const all = [
      ...wanted.alarms.map((alarm) => alarmCoverage(alarm, alarms, brokerIds)),
      ...pairs.found.map((pair) => alarmCoverage(LAG_ALARM, alarms, [], pair)),
    ];
    const lacking = all.filter(({ isMissing }) => isMissing);
    const noBrokers = cluster.kind !== 'serverless' && brokerIds.length === 0;
    const names = listed(lacking.map(nameOf), thresholds.busiestPairs);
    return conclude({
      findings:
        lacking.length === 0
          ? []
          : [
              {
                scope: 'cluster',
                resource: run.clusterName,
                severity: severityFor(run, ['medium', 'low', 'info']),
                measured: lacking.length,
                limit: 0,
                unit: 'count',
                note: `${all.length - lacking.length} of ${all.length} are there`,
                confidence: 1,
              },
            ],
      gap: firstGap(noBrokers ? 'which brokers there are to watch is not known' : null, wanted.gap, pairs.gap),
      evidence: [coverageTable(all, run)],
      pass:
        all.length === 0
          ? 'There is nothing yet that an alarm could watch.'
          : `All ${plural(all.length, 'recommended alarm')} are there${firing(all)}.`,
      fail: () =>
        `${lacking.length} of ${plural(all.length, 'recommended alarm')} ${lacking.length === 1 ? 'is' : 'are'} missing: ${names}${firing(all)}.`,
      recommend: () => recommend(lacking, brokerIds, prices, run),
    });
  },
});

/** What such a cluster publishes, and why part of it is not known. */
function wantedOf(cluster: Cluster, security: Collected<SectionValue<'security'>>) {
  const { kind } = cluster;
  const level = cluster.kind === 'serverless' ? 'DEFAULT' : cluster.enhancedMonitoring;
  const iam = security.ok ? security.value.authentication.iam : null;
  const alarms = RECOMMENDED_ALARMS.filter(({ id, metric }) => {
    if (!metric.kinds.includes(kind)) return false;
    if (EXPRESS_ALARMS.includes(id) && kind !== 'provisioned-express') return false;
    // Without the level there is no such metric: that is what monitoring-level-low says.
    if (metric.level !== 'DEFAULT' && (level === 'DEFAULT' || level === 'unknown')) return false;
    return metric.condition !== 'iam' || iam === true;
  });
  const gap =
    level === 'unknown'
      ? 'the monitoring level is not known'
      : level !== 'DEFAULT' && iam === null
        ? 'whether clients use IAM is not known'
        : null;
  return { alarms, gap };
}

/** The groups and topics with the most traffic whose lag MSK publishes. */
function busiestPairs(
  kafkaGroups: Section<'kafkaGroups'>,
  kafkaOffsets: Section<'kafkaOffsets'>,
  kafkaSamples: Section<'kafkaSamples'>,
  most: number,
  run: RunContext,
): { found: LagPair[]; gap: string | null } {
  if (!kafkaGroups.ok) return { found: [], gap: missingBecause('the list of groups', kafkaGroups) };
  if (!kafkaOffsets.ok) return { found: [], gap: missingBecause('the list of offsets', kafkaOffsets) };
  const rateOf = ({ rows }: { rows: readonly { produceRatePerSec: number | null }[] }) =>
    rows.reduce((sum, row) => sum + (row.produceRatePerSec ?? 0), 0);
  const pairs = groupTopics(readGroups(kafkaGroups.value, kafkaOffsets.value, kafkaSamples, run));
  const published = pairs.filter(({ group, topic }) => hasLagMetrics(group.groupId) && hasLagMetrics(topic));
  const busy = published
    .map((pair) => ({ ...pair, perSec: rateOf(pair) }))
    .filter(({ perSec }) => perSec > 0)
    .sort((a, b) => b.perSec - a.perSec);
  const isOpen = busy.length === 0 && published.length > 0 && !kafkaSamples.ok;
  return {
    found: busy.slice(0, most).map(({ group, topic }) => ({ groupId: group.groupId, topic })),
    gap: isOpen ? 'who reads most is not known' : null,
  };
}

function nameOf({ alarm, pair, unwatched, names }: AlarmCoverage): string {
  const of = pair === null ? '' : ` of ${pair.groupId}/${pair.topic}`;
  const some = names.length > 0 && unwatched.length > 0 ? ` (broker ${unwatched.join(', ')})` : '';
  return `${alarm.title.toLowerCase()}${of}${some}`;
}

function firing(all: readonly AlarmCoverage[]): string {
  const now = all.filter(({ isFiring }) => isFiring);
  return now.length === 0 ? '' : `; in alarm now: ${listed(now.map(nameOf))}`;
}

function stateOf({ isMissing, isFiring, isSilent, unwatched, names }: AlarmCoverage): string {
  if (isMissing) return names.length === 0 ? 'missing' : `missing for broker ${unwatched.join(', ')}`;
  if (isFiring) return 'in alarm';
  return isSilent ? 'there, without an action of its own' : 'there';
}

const ORDER = { above: 'above', atLeast: 'at least', below: 'below' } as const;

function coverageTable(all: readonly AlarmCoverage[], run: RunContext): Evidence {
  return {
    title: 'Recommended alarms',
    columns: [
      { key: 'alarm', label: 'Alarm', as: 'name' },
      { key: 'limit', label: 'Recommended', as: 'name' },
      { key: 'state', label: 'State', as: 'name' },
    ],
    rows: [...all]
      .sort((a, b) => Number(b.isMissing) - Number(a.isMissing))
      .map((each) => {
        const { limit, metric, plus } = each.alarm;
        const what = plus === undefined ? metric.name : `${metric.name} + ${plus.name}`;
        return {
          alarm: nameOf({ ...each, names: [] }),
          limit:
            limit === null ? `${what} outside its usual band` : `${what} ${ORDER[limit.comparison]} ${limit.value}`,
          state: stateOf(each),
        };
      }),
    source: 'CloudWatch DescribeAlarms: metric alarms of this cluster; composite ones are not looked into',
    ...(run.clusterArn === null
      ? {}
      : {
          reproduce: {
            purpose: 'List the metric alarms of the region',
            effect: 'read' as const,
            argv: ['aws', 'cloudwatch', 'describe-alarms', ...regionOf(run.clusterArn), '--alarm-types', 'MetricAlarm'],
          },
        }),
  };
}

function recommend(
  lacking: readonly AlarmCoverage[],
  brokerIds: readonly string[],
  prices: Collected<SectionValue<'prices'>>,
  run: RunContext,
): Recommendation {
  const commands = lacking.flatMap((each) => alarmCommands(each, brokerIds, run));
  return {
    action: `Create ${plural(lacking.length, 'alarm')}, and point them at a topic that somebody reads`,
    confirmFirst:
      'Rule out that another tool watches the same and calls somebody: CloudWatch knows its own alarms alone.',
    commands: commands.map(({ command }) => command),
    risk: 'Alarms are billed by the metric, and one that fires for nothing is soon ignored: set its limit by what is usual here.',
    expectedEffect: 'Somebody is called within minutes of an outage.',
    verifyAfter: 'aws cloudwatch set-alarm-state puts one of them into ALARM, and the message arrives.',
    effort: 'setting',
    impact: impactOf(
      commands.reduce((sum, { metricCount }) => sum + metricCount, 0),
      prices,
    ),
  };
}

function impactOf(metricCount: number, prices: Collected<SectionValue<'prices'>>): Impact {
  const price = priceOf(prices, 'cloudwatch/alarm');
  if ('unknown' in price) return { kind: 'unknown', because: price.unknown };
  return addedCost('Metrics that alarms watch', metricCount, 'alarm-metric-month', price.usd);
}
