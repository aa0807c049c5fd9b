// Clients too old for the next Kafka. No admin request and no metric of MSK tells versions: message conversions give away the oldest, and
// Kafka 4 itself refuses what is older than 2.1. What lies between leaves no sign.

import { findSeries, perMinute, sumByTimestamp, trustedPoints } from '../../analysis/series.ts';
import { mean } from '../../analysis/statistics.ts';
import { isSustained } from '../../analysis/sustained.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { conclude } from '../shared/conclude.ts';
import { seriesSource } from '../shared/series.ts';
import { severityFor, stepFor } from '../shared/severity.ts';
import { listed } from '../shared/wording.ts';

const UNTOLD =
  'no client converts messages, which shows those before 0.11 only; MSK tells no client’s version, and those from 0.11 to 2.0, which Kafka 4 refuses, leave no sign';
const REFUSES = 'refuses clients older than 2.1: there are none.';
const FOR_OLD = 'for clients of the message format before 0.11';
/** A broker or topic without conversions publishes nothing. */
const SILENT = { silentAfterSec: 0 };

export default defineCheck({
  id: 'clients-outdated',
  area: 'clients',
  title: { pass: 'No clients too old for Kafka 4', fail: 'Clients too old for Kafka 4' },
  why: 'Kafka 4 refuses clients older than 2.1: those that are still there stop with the upgrade.',
  references: [
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-896%3A+Remove+old+client+protocol+API+versions+in+Kafka+4.0',
    'https://kafka.apache.org/documentation/#upgrade',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'serverless'],
  notApplicable: {
    kafka: 'What would give old clients away is published by CloudWatch, which knows Amazon MSK alone.',
  },
  needs: ['cluster'],
  mayUse: ['metrics', 'versions'],
  toleratesPartial: ['metrics', 'versions'],
  evaluate({ cluster, metrics, versions }, thresholds, run) {
    const version = cluster.kind === 'serverless' ? null : cluster.kafkaVersion;
    if (majorOf(version) > 3)
      return {
        kind: 'pass',
        summary: `Kafka ${version} ${REFUSES}`,
        evidence: [],
      };
    if (!metrics.ok) return { kind: 'no-data', because: `Not measured: metrics were not read (${metrics.reason}).` };
    const definitions =
      cluster.kind === 'serverless'
        ? [METRICS.serverlessProduceConversions, METRICS.serverlessFetchConversions]
        : [METRICS.produceConversions, METRICS.fetchConversions];
    const found = definitions.flatMap((definition) => {
      const series = findSeries(metrics.value, definition).map((each) =>
        trustedPoints(each, { masked: run.maintenance }),
      );
      return 'isSumOfMinute' in definition ? series.map(perMinute) : series;
    });
    const total = sumByTimestamp(found, SILENT);
    const isConverting = isSustained(total, (value) => value > 0, thresholds);
    const targets = versions.ok ? (versions.value.upgradeTargets ?? []) : [];
    const isNext = targets.length > 0 && targets.every((target) => majorOf(target) > 3);
    const rate = mean(total.measured.filter((value) => value > 0));
    const finding: FindingDraft = {
      scope: 'cluster',
      resource: run.clusterName,
      severity: isNext ? stepFor(run, 'high') : severityFor(run, ['low', 'low', 'info']),
      measured: rate,
      limit: 0,
      unit: 'countPerSec',
      note: isNext ? `the next version of this cluster is ${listed(targets)}` : 'of a message format before 0.11',
      confidence: 0.5,
    };
    return conclude({
      findings: isConverting ? [finding] : [],
      gap: isConverting ? null : UNTOLD,
      evidence: [
        {
          title: 'Signs of old clients',
          columns: [
            { key: 'what', label: 'Sign', as: 'name' },
            { key: 'rate', label: 'Mean', as: 'countPerSec' },
          ],
          rows: [{ what: 'messages converted for clients or from them', rate }],
          source: seriesSource(definitions[0]!, [total], run),
        },
      ],
      pass: '',
      fail: ({ note }) => `Brokers convert ${formatQuantity(rate, 'countPerSec')} ${FOR_OLD}; ${note}.`,
      recommend: () => ({
        action: 'Find and upgrade the clients that are older than 2.1, before any upgrade of the cluster to Kafka 4',
        confirmFirst:
          'Rule out a topic whose message.format.version makes brokers convert what modern clients send. No log of MSK names client versions: ask the teams, oldest services first.',
        commands: [],
        risk: 'A new client library is a release of its own, to be tested.',
        expectedEffect: 'The way to Kafka 4 is open, and brokers convert nothing.',
        verifyAfter: 'ProduceMessageConversionsPerSec and FetchMessageConversionsPerSec stay at 0 over a full week.',
        effort: 'clientChange',
        impact: { kind: 'none' },
      }),
    });
  },
});

/** `4` of `4.0.x.kraft`; 0 where it is not known. */
function majorOf(version: string | null): number {
  return Number(version?.split('.')[0] ?? 0) || 0;
}
