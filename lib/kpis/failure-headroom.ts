// K27. CPU that the tightest broker would need after a zone, or one broker, is lost: a model of what leading and following cost.
import { brokerHeadrooms } from '../analysis/headroom.ts';
import { usualReplication } from '../analysis/usual-replication.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { defineKpi } from './kpi.ts';
import { metricSource, missingFrom, noData, notApplicable, readBrokerMetrics, THIN, tooThin } from './reading.ts';

const READ = [METRICS.cpuUser, METRICS.cpuSystem, METRICS.bytesIn, METRICS.bytesOut];

export default defineKpi({
  id: 'K27',
  name: 'failure-headroom',
  title: 'CPU after the loss of a zone',
  category: 'capacity',
  weight: 4,
  unit: 'percent',
  mayUse: ['metrics', 'nodes', 'cluster', 'kafkaTopics', 'configuration', 'kafkaBrokerConfigs'],
  read(inputs, run) {
    const { metrics, cluster, kafkaTopics } = inputs;
    const read = readBrokerMetrics(inputs, READ, run);
    if ('state' in read) return read;
    // How followers' bytes are shared out is taken to be even only where the level does not publish them.
    const followers = readBrokerMetrics(inputs, [METRICS.replicationBytesIn], run);
    const isEstimated = 'state' in followers && followers.state === 'level-not-enabled';
    if ('state' in followers && !isEstimated) return followers;
    if (!metrics.ok) return missingFrom(metrics, 'CloudWatch metrics');
    if (!cluster.ok) return missingFrom(cluster, 'the cluster');
    if (cluster.value.kind === 'serverless') return notApplicable('AWS keeps the headroom of MSK Serverless');
    const { brokerCount, azCount } = cluster.value;
    if (azCount < 2) return notApplicable('all brokers are in one zone');
    const replication = usualReplication(kafkaTopics, inputs);
    if (replication === null) return noData('the replication factor of the topics is not known');
    const [tightest] = brokerHeadrooms(metrics.value, { brokers: brokerCount, azs: azCount, rf: replication.rf });
    if (tightest === undefined) return tooThin(METRICS.cpuUser, 0);
    return {
      state: 'ok',
      value: tightest.worstCpu,
      confidence: isEstimated ? read.factor * THIN : read.factor,
      source: `${metricSource(METRICS.cpuUser, read.coverage, run, 'CpuUser + CpuSystem, BytesInPerSec, BytesOutPerSec')}, p95, modelled for the loss of one of ${azCount} zones or ${brokerCount} brokers, replication factor ${replication.rf} (${replication.source})${isEstimated ? '; followers taken to carry alike' : ''}`,
      worst: `broker ${tightest.brokerId}`,
    };
  },
});
