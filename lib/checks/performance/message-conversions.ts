// Messages that brokers rewrite between formats of different age: CPU and heap for nothing, and no zero-copy reads. Kafka 4.0 ended it.

import { mapped } from '../../analysis/scales.ts';
import { findSeries, joinedCoverage, latestPoint, sumByTimestamp, trustedPoints } from '../../analysis/series.ts';
import { mean } from '../../analysis/statistics.ts';
import { isSustained } from '../../analysis/sustained.ts';
import { METRICS, type MetricDefinition } from '../../facts/metric-catalogue.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Evidence, type RunContext } from '../check.ts';
import { kafkaTool } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { NOT_SEEN_ELSEWHERE } from '../shared/load-words.ts';
import { brokerSeries, expectedBrokers, metricGap, seriesSource } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { MAX_ROWS } from '../shared/wording.ts';

const CONVERSIONS = [METRICS.produceConversions, METRICS.fetchConversions];
/** A broker that is down for hours adds nothing; a point that is missing makes the sum of its period unknown. */
const SILENT = { silentAfterSec: 3600 };

export default defineCheck({
  id: 'message-conversions',
  area: 'performance',
  title: { pass: 'Messages pass unconverted', fail: 'Messages converted between formats' },
  why: 'Clients of an old format make brokers rewrite every batch in the heap, and they cannot connect at all from Kafka 4.0 on.',
  references: [
    'https://kafka.apache.org/documentation/#upgrade',
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-896%3A+Remove+old+client+protocol+API+versions+in+Kafka+4.0',
  ],
  appliesTo: ['provisioned-standard'],
  notApplicable: {
    ...NOT_SEEN_ELSEWHERE,
    'provisioned-express': 'Express brokers publish no conversions.',
  },
  needs: ['metrics', 'cluster'],
  mayUse: ['nodes', 'kafkaBrokers'],
  toleratesPartial: ['nodes', 'kafkaBrokers'],
  evaluate({ metrics, cluster, nodes, kafkaBrokers }, thresholds, run) {
    const { maxSharePercent, maxPerSec, minCoveragePercent } = thresholds;
    const version = cluster.kind === 'serverless' ? null : cluster.kafkaVersion;
    if (Number(version?.split('.')[0]) > 3)
      return { kind: 'not-applicable', because: `Kafka ${version} converts no message formats.` };
    const of = (definition: MetricDefinition) => brokerSeries(metrics, definition, run);
    const total = (definitions: readonly MetricDefinition[]) =>
      sumByTimestamp(
        definitions.flatMap((definition) => [...of(definition).values()]),
        SILENT,
      );
    const converted = total(CONVERSIONS);
    const messages = total([METRICS.messagesIn]);
    const share = mapped(converted, (value, i) => {
      const all = messages.at(converted.timeOf(i));
      return all > 0 ? (100 * value) / all : Number.NaN;
    });
    const isMuch = isSustained(converted, (value) => value > maxPerSec, thresholds);
    const isMany = isSustained(share, (value) => value > maxSharePercent, thresholds);
    const perSec = mean(converted.measured.filter((value) => value > 0)) ?? 0;
    const rate = formatQuantity(perSec, 'countPerSec');
    const usual = mean(share.measured);
    return conclude({
      findings:
        isMuch || isMany
          ? [
              {
                scope: 'cluster',
                resource: run.clusterName,
                severity: severityFor(run, ['medium', 'low', 'info']),
                measured: perSec,
                limit: isMuch ? maxPerSec : null,
                unit: 'countPerSec',
                note: `${formatQuantity(usual, 'percent')} of the messages${isMany ? ` (limit ${formatQuantity(maxSharePercent, 'percent')})` : ''}`,
                confidence: 1,
              },
            ]
          : [],
      gap: firstGap(
        ...[...CONVERSIONS, METRICS.messagesIn].map((definition) =>
          metricGap(metrics, definition, of(definition), expectedBrokers(nodes, kafkaBrokers), minCoveragePercent),
        ),
        joinedCoverage([converted]) * 100 < minCoveragePercent
          ? 'too few usable datapoints of all brokers together'
          : null,
      ),
      evidence: [
        {
          title: 'Converted messages of the cluster',
          columns: [
            { key: 'what', label: 'Conversion', as: 'name' },
            { key: 'mean', label: 'Mean', as: 'countPerSec' },
            { key: 'highest', label: 'Highest', as: 'countPerSec' },
          ],
          rows: CONVERSIONS.map((definition) => {
            const series = total([definition]);
            return { what: definition.name, mean: mean(series.measured), highest: series.highest };
          }),
          source: seriesSource(CONVERSIONS[0]!, [converted], run),
        },
        ...topicTable(metrics, run),
      ],
      pass: 'Brokers converted no messages worth speaking of.',
      fail: () => `Brokers convert ${rate} between formats, ${formatQuantity(usual, 'percent')} of all messages.`,
      recommend: () => ({
        action:
          'Find the clients with a message format from before Kafka 0.11 and upgrade them, and take message.format.version off topics',
        confirmFirst:
          'Rule out a topic setting: an old message.format.version makes brokers convert what modern clients send. It matters before any upgrade to Kafka 4.',
        commands: [
          kafkaTool('kafka-configs.sh', {
            purpose: 'Show which topics set message.format.version',
            args: ['--describe', '--entity-type', 'topics'],
          }),
        ],
        risk: 'None for the brokers; the clients need a new library, tested.',
        expectedEffect: 'CPU and heap of the brokers fall, reads are zero-copy again, and the way to Kafka 4 is open.',
        verifyAfter: 'ProduceMessageConversionsPerSec and FetchMessageConversionsPerSec are 0 over a full day.',
        effort: 'clientChange',
        impact: { kind: 'none' },
      }),
    });
  },
});

/** Topics with conversions now, where the level PER_TOPIC_PER_BROKER shows them. */
function topicTable(metrics: SectionValue<'metrics'>, run: RunContext): Evidence[] {
  const found = [METRICS.topicProduceConversions, METRICS.topicFetchConversions].flatMap((definition) =>
    findSeries(metrics, definition).flatMap((series) => {
      const latest = latestPoint(trustedPoints(series, { masked: run.maintenance }));
      return latest === null || latest.value <= 0
        ? []
        : [{ topic: series.dimensions.Topic ?? '', perSec: latest.value }];
    }),
  );
  if (found.length === 0) return [];
  const rows = [...Map.groupBy(found, ({ topic }) => topic)].map(([topic, own]) => ({
    topic,
    perSec: own.reduce((sum, { perSec }) => sum + perSec, 0),
  }));
  return [
    {
      title: 'Topics with converted messages',
      columns: [
        { key: 'topic', label: 'Topic', as: 'name' },
        { key: 'perSec', label: 'Converted', as: 'countPerSec' },
      ],
      rows: rows.sort((a, b) => b.perSec - a.perSec).slice(0, MAX_ROWS),
      source: 'CloudWatch message conversions by topic, latest',
    },
  ];
}
