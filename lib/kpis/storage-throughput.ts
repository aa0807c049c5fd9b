// K30. What passes to and from the busiest volume (p99 of five minutes) against what volume and instance allow.
import { storageUse } from '../analysis/storage-limits.ts';
import { usualReplication } from '../analysis/usual-replication.ts';
import { brokers } from '../checks/shared/wording.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { defineKpi } from './kpi.ts';
import {
  expectedBrokers,
  metricSource,
  missingFrom,
  noData,
  notApplicable,
  PROXY,
  readBrokerMetrics,
  tooThin,
} from './reading.ts';

export default defineKpi({
  id: 'K30',
  name: 'storage-throughput',
  title: 'Throughput of the busiest volume',
  category: 'capacity',
  weight: 3,
  unit: 'percent',
  mayUse: ['metrics', 'nodes', 'cluster', 'kafkaTopics', 'configuration', 'kafkaBrokerConfigs'],
  read(inputs, run) {
    const { metrics, cluster, kafkaTopics } = inputs;
    if (run.clusterKind === 'provisioned-express')
      return notApplicable('Express brokers have no volumes of their own to fill');
    const volumes = readBrokerMetrics(inputs, [METRICS.volumeReadBytes, METRICS.volumeWriteBytes], run);
    // Only where the level does not publish them do bytes in stand in: what should be there and is not might be the worst.
    const isStandIn = 'state' in volumes && volumes.state === 'level-not-enabled';
    const read = isStandIn ? readBrokerMetrics(inputs, [METRICS.bytesIn], run) : volumes;
    if ('state' in read) return read;
    if (!metrics.ok) return missingFrom(metrics, 'CloudWatch metrics');
    if (!cluster.ok) return missingFrom(cluster, 'the cluster');
    if (cluster.value.kind !== 'provisioned-standard') return notApplicable('only Standard brokers have volumes');
    const replication = usualReplication(kafkaTopics, inputs);
    if (isStandIn && replication === null) return noData('the replication factor of the topics is not known');
    const uses = storageUse(metrics.value, cluster.value, { rf: replication?.rf ?? 1 });
    if (uses === null) return noData('what volumes of this size and brokers of this type allow is not known');
    const [worst] = uses;
    if (worst === undefined) return tooThin(METRICS.volumeWriteBytes, 0);
    // Of which volume nothing is known may be the busiest.
    const unseen = expectedBrokers(inputs).filter((id) => !uses.some(({ brokerId }) => brokerId === id));
    if (unseen.length > 0) return noData(`nothing tells what passes to and from the volumes of ${brokers(unseen)}`);
    const name = isStandIn
      ? `BytesInPerSec times ${replication!.rf} copies, in place of VolumeReadBytes + VolumeWriteBytes (${METRICS.volumeWriteBytes.level})`
      : 'VolumeReadBytes + VolumeWriteBytes';
    return {
      state: 'ok',
      value: 100 * worst.share,
      confidence: isStandIn ? read.factor * PROXY : read.factor,
      source: `${metricSource(isStandIn ? METRICS.bytesIn : METRICS.volumeWriteBytes, read.coverage, run, name)}, p99, the busiest of ${uses.length} brokers`,
      worst: `broker ${worst.brokerId}`,
    };
  },
});
