// K33. Days until Amazon MSK ends support of the cluster's Kafka version, after which it may upgrade the cluster by itself.
import { endOfSupportMs, KAFKA_VERSIONS_AS_OF, KAFKA_VERSIONS_SOURCE, supportOf } from '../facts/kafka-versions.ts';
import { defineKpi } from './kpi.ts';
import { missingFrom, noData, notApplicable } from './reading.ts';

const DAY_MS = 86_400_000;

/** Stands for "no end announced": beyond the best point of every curve. */
const NO_END_DAYS = 400;

export default defineKpi({
  id: 'K33',
  name: 'version-runway',
  title: 'Time to the end of support of the Kafka version',
  category: 'security',
  weight: 4,
  unit: 'days',
  mayUse: ['cluster'],
  read({ cluster }, run) {
    if (run.clusterKind === 'kafka') return notApplicable('support dates are those of Amazon MSK');
    if (!cluster.ok) return missingFrom(cluster, 'the cluster');
    if (cluster.value.kind === 'serverless') return notApplicable('Serverless has no version of its own to keep');
    const { kafkaVersion } = cluster.value;
    if (kafkaVersion === null) return noData('the description of the cluster names no Kafka version');
    const support = supportOf(kafkaVersion);
    if (support === null)
      return noData(`the support table of ${KAFKA_VERSIONS_AS_OF} does not know version ${kafkaVersion}`);
    const endMs = endOfSupportMs(support);
    const end = endMs === null ? `no end announced (shown as ${NO_END_DAYS} days)` : `end ${support.endOfSupportDate}`;
    return {
      state: 'ok',
      value: endMs === null ? NO_END_DAYS : Math.floor((endMs - run.takenAtMs) / DAY_MS),
      confidence: 1,
      source: `version ${kafkaVersion}: ${end}, by ${KAFKA_VERSIONS_SOURCE} as of ${KAFKA_VERSIONS_AS_OF}`,
    };
  },
});
