// Partitions whose replicas share a zone although the cluster has more: one zone lost is then the partition lost. Kafka and MSK place
// replicas over the racks by themselves; hand-written reassignments do not. Source: KIP-36 and docs.aws.amazon.com/msk best practices.
import { type PartitionZones, zoneCountOf, zoneSpread } from '../../analysis/zone-spread.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type RunContext, type SeverityByEnvironment } from '../check.ts';
import { awsKafka, kafkaTool } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { BEST_PRACTICES } from '../shared/load-words.ts';
import { unreadTopics } from '../shared/partition-evidence.ts';
import { REASSIGN_RISK, reassignCommands } from '../shared/reassign.ts';
import { listed, MAX_ROWS, metadataSource, partitions } from '../shared/wording.ts';
import { zonesByBroker } from '../shared/zones.ts';

const SEVERITY: SeverityByEnvironment = { production: 'high', staging: 'medium', development: 'info' };

export default defineCheck({
  id: 'replicas-same-az',
  area: 'availability',
  title: { pass: 'Replicas lie in different zones', fail: 'Replicas that share a zone' },
  why: 'When the zone fails, a partition with all its replicas there is offline, and the copies were for nothing.',
  references: [
    BEST_PRACTICES,
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-36+Rack+aware+replica+assignment',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'kafka', 'unknown'],
  notApplicable: { serverless: 'AWS places the replicas of MSK Serverless.' },
  needs: ['kafkaTopics'],
  mayUse: ['nodes', 'kafkaBrokers', 'cluster'],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'cluster'],
  evaluate({ kafkaTopics, nodes, kafkaBrokers, cluster }, _thresholds, run) {
    const zoneOf = zonesByBroker(nodes, kafkaBrokers);
    const zoneCount = zoneCountOf(cluster.ok ? cluster.value : null, zoneOf);
    const copied = zoneSpread(kafkaTopics, zoneOf, zoneCount).filter(({ replicas }) => replicas.length > 1);
    const hidden = unreadTopics(kafkaTopics);
    if (hidden.length === 0 && copied.length === 0)
      return { kind: 'not-applicable', because: 'No partition has a second replica.' };
    if (zoneOf.size === 0)
      return { kind: 'no-data', because: 'Not measured: neither MSK nor the brokers name any zone.' };
    if (zoneCount === 1 && cluster.ok) return { kind: 'not-applicable', because: 'All brokers are in one zone.' };
    const shared = copied.filter(({ isSpread }) => isSpread === false);
    const open = copied.filter(({ isSpread }) => isSpread === null);
    const byTopic = [...Map.groupBy(shared, ({ topic }) => topic)];
    return conclude({
      findings: byTopic.map(([topic, its]) => finding(topic, its, run)),
      gap: firstGap(
        hidden.length > 0 ? `the partitions of ${listed(hidden)} could not be read` : null,
        open.length > 0
          ? `the zone of some replicas of ${listed([...new Set(open.map(({ topic }) => topic))])} is not known`
          : null,
      ),
      evidence: shared.length === 0 ? [] : [table(shared, zoneOf, run)],
      pass: `The replicas of ${partitions(copied.length)} lie in as many of the ${zoneCount} zones as they can.`,
      fail: (worst) =>
        `${partitions(shared.length)} of ${copied.length} ${shared.length === 1 ? 'has' : 'have'} replicas in one zone twice; most: ${worst.measured} of ${listed([worst.resource])}.`,
      recommend: (worst) => ({
        action: isByMsk(cluster)
          ? `Open a support case about these partitions of ${plural(byTopic.length, 'topic')}, or pause intelligent rebalancing before replicas are moved by hand: no reassignment works while it is active`
          : `Move one replica of each of these partitions of ${plural(byTopic.length, 'topic')} into a zone that has none, at most ten partitions at a time`,
        confirmFirst: 'Rule out a reassignment that is under way, and look at disk space in the other zones.',
        commands: isByMsk(cluster)
          ? awsKafka(run, 'describe-cluster-v2', { purpose: 'Show the rebalancing status of the cluster' })
          : reassignCommands(worst.resource, 'one of two replicas that share a zone moved to a broker of another'),
        risk: REASSIGN_RISK,
        expectedEffect: 'No partition goes offline when a single zone does.',
        verifyAfter: 'kafka-topics.sh --describe shows brokers of different zones for every partition, all in the ISR.',
        effort: 'migration',
        impact: { kind: 'none' },
      }),
    });
  },
});

/**
 * While intelligent rebalancing of Express is not paused the reassignment API cannot be used; a status that was not told is no proof that
 * it is. Source: https://docs.aws.amazon.com/msk/latest/developerguide/intelligent-rebalancing.html.
 */
function isByMsk(cluster: Collected<SectionValue<'cluster'>>): boolean {
  return cluster.ok && cluster.value.kind === 'provisioned-express' && cluster.value.rebalancing !== 'PAUSED';
}

function finding(topic: string, its: readonly PartitionZones[], run: RunContext): FindingDraft {
  const lost = its.filter(({ covered }) => covered === 1).length;
  return {
    scope: 'topic',
    resource: topic,
    severity: SEVERITY[run.environment],
    measured: its.length,
    limit: 0,
    unit: 'count',
    note: lost === 0 ? 'still in more than one zone' : `${partitions(lost)} with all replicas in one zone`,
    confidence: 1,
  };
}

function table(shared: readonly PartitionZones[], zoneOf: ReadonlyMap<string, string>, run: RunContext) {
  const rest = shared.length > MAX_ROWS ? `; ${MAX_ROWS} of ${shared.length} rows` : '';
  return {
    title: 'Partitions with replicas in one zone twice',
    columns: [
      { key: 'topic', label: 'Topic', as: 'name' as const },
      { key: 'partition', label: 'Partition', as: 'count' as const },
      { key: 'replicas', label: 'Replicas', as: 'name' as const },
      { key: 'zones', label: 'Zones', as: 'name' as const },
    ],
    rows: shared.slice(0, MAX_ROWS).map(({ topic, partition, replicas }) => ({
      topic,
      partition,
      replicas: replicas.join(','),
      zones: replicas.map((id) => zoneOf.get(String(id)) ?? '?').join(','),
    })),
    source: `${metadataSource(run)}; zones from ListNodes and the brokers' racks${rest}`,
    reproduce: kafkaTool('kafka-topics.sh', { purpose: 'Show the replicas of every partition', args: ['--describe'] }),
  };
}
