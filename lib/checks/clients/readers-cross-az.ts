// What it costs that consumers read from other availability zones: measured by the rack each member names and where its partitions'
// replicas are. Members that name no zone are taken to be in any.

import { gibPerMonth } from '../../analysis/cost-usage.ts';
import { type CrossZoneReads, crossZoneReads } from '../../analysis/cross-zone-reads.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import {
  defineCheck,
  type Evidence,
  type FindingDraft,
  type Impact,
  type Recommendation,
  type RunContext,
} from '../check.ts';
import { applyConfiguration, CONFIRM_CONFIG } from '../shared/apply-config.ts';
import { readSettings, SETTING_SECTIONS, valuesOf } from '../shared/broker-settings.ts';
import { describeGroup } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { LOAD_SECTIONS, readLoads } from '../shared/loads.ts';
import { priceOf, saved } from '../shared/money.ts';
import { severityFor } from '../shared/severity.ts';
import { listed, MAX_ROWS, missingBecause } from '../shared/wording.ts';
import { zonesByBroker } from '../shared/zones.ts';

const KEY = 'replica.selector.class';
const RACK_AWARE = 'RackAwareReplicaSelector';
/** Who sends pays, and so does who receives. */
const DIRECTIONS = 2;
const MEASURED = 0.95;
const ASSUMED = 0.6;
const usd = (value: number) => formatQuantity(value, 'usdPerMonth');
const CONFIRM =
  'Rule out consumers that all run in one zone, where reads would turn to its brokers alone, and clients older than Kafka 2.4. Hosts tell no zone here: members without client.rack are taken to be in any.';
const percent = (share: number) => formatQuantity(100 * share, 'percent');

export default defineCheck({
  id: 'readers-cross-az',
  area: 'clients',
  title: { pass: 'Consumers read in their own zone', fail: 'Consumers read across zones' },
  why: 'AWS bills a byte that crosses zones on both sides; the same record lies in the reader’s own zone.',
  references: [
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-392%3A+Allow+consumers+to+fetch+from+closest+replica',
    'https://kafka.apache.org/documentation/#consumerconfigs_client.rack',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: {
    serverless: 'MSK Serverless shows no brokers and has no setting for it.',
    kafka: 'What traffic between zones costs is known for clusters of MSK.',
  },
  needs: ['kafkaGroups'],
  mayUse: [...LOAD_SECTIONS, ...SETTING_SECTIONS, 'nodes', 'kafkaBrokers', 'metrics', 'prices'],
  toleratesPartial: [
    ...(['kafkaLogDirs', 'kafkaSamples', 'kafkaTopicConfigs', 'kafkaOffsets'] as const),
    ...(['cluster', 'configuration', 'nodes', 'kafkaBrokers', 'prices'] as const),
  ],
  evaluate({ kafkaGroups, nodes, kafkaBrokers, metrics, prices, ...inputs }, thresholds, run) {
    const { cluster, configuration, kafkaTopics } = inputs;
    const missing = (because: string) => ({ kind: 'no-data', because: `Not measured: ${because}.` }) as const;
    if (!cluster.ok || cluster.value.kind === 'serverless') return missing('the cluster was not described');
    const { azCount, brokerCount } = cluster.value;
    const out = gibPerMonth(metrics, { metric: METRICS.bytesOut, members: brokerCount, memberName: 'brokers' });
    if ('unknown' in out) return missing(out.unknown);
    const price = priceOf(prices, 'traffic/between-zones');
    if ('unknown' in price) return missing(price.unknown);
    const usdPerGiB = price.usd * DIRECTIONS;
    const atMostUsd = out.quantity * usdPerGiB;
    const { minUsdPerMonth, maxWithoutZonePercent } = thresholds;
    if (atMostUsd < minUsdPerMonth && !out.isAtLeast)
      return {
        kind: 'pass',
        summary: `All reads together would cost ${usd(atMostUsd)} if every byte crossed (limit ${usd(minUsdPerMonth)}).`,
        evidence: [],
      };
    if (!kafkaTopics.ok) return missing(missingBecause('Kafka metadata', kafkaTopics));
    const { found, gap: settingGap } = readSettings([KEY], inputs);
    const setting = found.get(KEY);
    if (setting === undefined) return missing(settingGap ?? KEY);
    const isRackAware = valuesOf(setting).every(({ value }) => value?.includes(RACK_AWARE));
    const reads = crossZoneReads({
      groups: kafkaGroups,
      topics: kafkaTopics.value,
      loads: readLoads(inputs, run).topics,
      zones: zonesByBroker(nodes, kafkaBrokers),
      azs: azCount,
      isRackAware,
    });
    const withoutShare = reads.members === 0 ? 0 : reads.withoutZone / reads.members;
    const isLacking = 100 * withoutShare > maxWithoutZonePercent;
    const crossingGiB = out.quantity * (reads.crossing ?? 0);
    const costUsd = crossingGiB * usdPerGiB;
    const finding: FindingDraft = {
      scope: 'cluster',
      resource: run.clusterName,
      severity: severityFor(run, ['medium', 'low', 'info']),
      measured: costUsd,
      limit: minUsdPerMonth,
      unit: 'usdPerMonth',
      note: noteOf(reads, isRackAware),
      confidence: Math.min(isLacking ? ASSUMED : MEASURED, setting.confidence),
    };
    return conclude({
      findings: costUsd >= minUsdPerMonth && (isLacking || !isRackAware) ? [finding] : [],
      gap: firstGap(
        reads.crossing === null ? 'no member of a group holds partitions now' : null,
        inputs.kafkaSamples.ok ? null : 'what the partitions take in was not measured',
        reads.unseen.length > 0 ? `members of ${listed(reads.unseen)} were not described` : null,
        out.isAtLeast ? `traffic is known in part only (${out.basis})` : null,
        settingGap,
      ),
      evidence: [
        groupTable(reads, crossingGiB, out.quantity, `${out.basis}, shared out by ${loadWord(inputs.kafkaSamples.ok)}`),
      ],
      pass: `${percent(reads.crossing ?? 0)} of what groups read crosses zones, about ${usd(costUsd)} (limit ${usd(minUsdPerMonth)}); ${percent(withoutShare)} of the members name no zone of the brokers.`,
      fail: ({ note }) =>
        `Reads across zones cost about ${usd(costUsd)} (limit ${usd(minUsdPerMonth)}): ${percent(reads.crossing ?? 0)} of ${formatQuantity(out.quantity, 'count')} GiB a month; ${note}.`,
      recommend: () => recommend(reads, isRackAware, saving(isRackAware, crossingGiB, usdPerGiB), configuration, run),
    });
  },
});

function loadWord(hasLooks: boolean): string {
  return hasLooks ? 'what the partitions took in over the looks of the run' : 'partitions, all alike';
}

function noteOf({ members, withoutZone, foreignRacks }: CrossZoneReads, isRackAware: boolean): string {
  return [
    ...(isRackAware ? [] : [`${KEY} is not set`]),
    `${withoutZone === 0 ? 'each' : withoutZone} of ${plural(members, 'member')} ${withoutZone === 0 ? 'names its zone' : 'without a zone of the brokers'}`,
    ...(foreignRacks.length === 0 ? [] : [`${listed(foreignRacks)} is none: brokers have zone ids`]),
  ].join(', ');
}

function saving(isRackAware: boolean, crossingGiB: number, usdPerGiB: number): Impact {
  return isRackAware
    ? saved('Reads that stay in their zone, at most', crossingGiB, 'GiB', usdPerGiB)
    : { kind: 'unknown', because: 'the same dollars are counted with the missing rack-aware selector' };
}

function groupTable({ groups }: CrossZoneReads, crossingGiB: number, outGiB: number, source: string): Evidence {
  return {
    title: 'Reads across zones by group',
    columns: [
      { key: 'group', label: 'Group', as: 'name' },
      { key: 'members', label: 'Members', as: 'count' },
      { key: 'without', label: 'Without a zone', as: 'count' },
      { key: 'share', label: 'Of all reads', as: 'percent' },
      { key: 'crossing', label: 'Crossing', as: 'percent' },
      { key: 'gib', label: 'Crossing GiB a month', as: 'count' },
    ],
    rows: groups.slice(0, MAX_ROWS).map(({ groupId, members, withoutZone, share, crossing }) => ({
      group: groupId,
      members,
      without: withoutZone,
      share: 100 * share,
      crossing: 100 * crossing,
      gib: crossingGiB === 0 ? 0 : outGiB * share * crossing,
    })),
    source: `${source}; zones by client.rack of the members and the brokers' own`,
    ...(groups[0] === undefined ? {} : { reproduce: describeGroup(groups[0].groupId, '--members', '--verbose') }),
  };
}

function recommend(
  { groups }: CrossZoneReads,
  isRackAware: boolean,
  impact: Impact,
  configuration: Parameters<typeof applyConfiguration>[1],
  run: RunContext,
): Recommendation {
  const most = listed(groups.slice(0, 3).map(({ groupId }) => groupId));
  const selector = `${KEY}=org.apache.kafka.common.replica.${RACK_AWARE}`;
  return {
    action: `${isRackAware ? 'Set' : `Set ${selector} on the brokers, then`} client.rack to the zone id (like use1-az1) at the consumers of ${most} first`,
    confirmFirst: isRackAware ? CONFIRM : `${CONFIRM} ${CONFIRM_CONFIG}`,
    commands: isRackAware ? [] : applyConfiguration([selector], configuration, run),
    risk: 'A read from a follower waits up to one round of replication more, and a zone with most of the consumers loads its own brokers.',
    expectedEffect: 'Reads stay in the zone of the reader as far as members name it and a replica is in sync there.',
    verifyAfter: 'BytesOutPerSec evens out over the brokers, and DataTransfer-Regional-Bytes on the bill falls.',
    effort: 'clientChange',
    impact,
  };
}
