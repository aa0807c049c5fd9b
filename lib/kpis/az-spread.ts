// K06. Share of partitions whose replicas sit in as many availability zones as they can: a lost zone then leaves a copy. A partition with
// one replica has nothing to spread.
import { topologyName } from '../analysis/msk-topology.ts';
import { zoneCountOf, zoneSpread } from '../analysis/zone-spread.ts';
import { zonesByBroker } from '../checks/shared/zones.ts';
import { defineKpi } from './kpi.ts';
import { coverageFactor, missingFrom, noData, notApplicable, whole } from './reading.ts';

export default defineKpi({
  id: 'K06',
  name: 'az-spread',
  title: 'Partitions spread over the zones',
  category: 'availability',
  weight: 3,
  unit: 'percent',
  mayUse: ['cluster', 'nodes', 'kafkaBrokers', 'kafkaTopics'],
  read({ cluster, nodes, kafkaBrokers, kafkaTopics }, run) {
    if (run.clusterKind === 'serverless') return notApplicable('AWS places the replicas of MSK Serverless');
    if (!kafkaTopics.ok) return missingFrom(kafkaTopics, 'topics');
    const zoneOf = zonesByBroker(nodes, kafkaBrokers);
    const zones = zoneCountOf(cluster.ok ? cluster.value : null, zoneOf);
    if (zoneOf.size === 0) {
      if (run.clusterKind === 'kafka' && kafkaBrokers.ok) return notApplicable('no broker names its rack');
      return nodes.ok
        ? noData('the zones of the brokers are not known')
        : missingFrom(nodes, 'the zones of the brokers');
    }
    const copied = zoneSpread(kafkaTopics.value, zoneOf, zones).filter(({ replicas }) => replicas.length > 1);
    if (copied.length === 0) return notApplicable('no partition has a second replica');
    const known = copied.filter(({ isSpread }) => isSpread !== null);
    const spread = known.filter(({ isSpread }) => isSpread === true);
    const factor = coverageFactor(known.length / copied.length);
    if (factor === null) return noData('the zones of most replicas are not known');
    const isWhole = known.length === copied.length && whole(kafkaTopics) !== null;
    if (!isWhole && spread.length === known.length)
      return noData('the zone of some replicas is not known, or only a part of the partitions was read');
    if (zones < 2)
      return cluster.ok || run.clusterKind === 'kafka'
        ? notApplicable('all brokers are in one zone')
        : missingFrom(cluster, 'the zones of the cluster');
    const worst = known.find(({ isSpread }) => isSpread === false);
    return {
      state: 'ok',
      value: (100 * spread.length) / known.length,
      confidence: factor,
      source: `${topologyName(run.topology)} and the zones of ${zoneOf.size} brokers: replicas in as many of ${zones} zones as they number`,
      ...(worst === undefined ? {} : { worst: `${worst.topic}-${worst.partition}` }),
    };
  },
});
