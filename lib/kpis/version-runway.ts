// K33. Days until Amazon MSK ends support of the cluster's Kafka version, after which it may upgrade the cluster by itself.
import { DEPRECATED, versionSupport } from '../analysis/version-support.ts';
import { KAFKA_VERSIONS_AS_OF, KAFKA_VERSIONS_SOURCE } from '../facts/kafka-versions.ts';
import { safeLabel } from '../text/sanitize.ts';
import { checkDefaults } from './check-defaults.ts';
import { defineKpi } from './kpi.ts';
import { missingFrom, noData, notApplicable } from './reading.ts';

/** Stands for "no end announced": beyond the best point of every curve. */
const NO_END_DAYS = 400;

export default defineKpi({
  id: 'K33',
  name: 'version-runway',
  title: 'Time to the end of support of the Kafka version',
  category: 'security',
  weight: 4,
  unit: 'days',
  mayUse: ['cluster', 'versions'],
  read({ cluster, versions }, run) {
    if (run.clusterKind === 'kafka') return notApplicable('support dates are those of Amazon MSK');
    if (!cluster.ok) return missingFrom(cluster, 'the cluster');
    if (cluster.value.kind === 'serverless') return notApplicable('Serverless has no version of its own to keep');
    const { kafkaVersion } = cluster.value;
    if (kafkaVersion === null) return noData('the description of the cluster names no Kafka version');
    const { support, daysLeft, byList, unknown } = versionSupport(kafkaVersion, versions, {
      takenAtMs: run.takenAtMs,
      maxTableAgeDays: checkDefaults('version-unsupported', run).maxTableAgeDays,
    });
    const shown = `Kafka ${safeLabel(kafkaVersion, 40)}`;
    if (unknown !== null) return noData(`${shown} ${unknown}`);
    const table = `by ${KAFKA_VERSIONS_SOURCE} as of ${KAFKA_VERSIONS_AS_OF}`;
    const end = byList
      ? `${DEPRECATED} in ListKafkaVersions`
      : daysLeft === null
        ? `no end announced (shown as ${NO_END_DAYS} days), ${table}`
        : `end ${support?.endOfSupportDate}, ${table}`;
    return {
      state: 'ok',
      value: daysLeft === null ? NO_END_DAYS : Math.floor(daysLeft),
      confidence: 1,
      source: `${shown}: ${end}`,
    };
  },
});
