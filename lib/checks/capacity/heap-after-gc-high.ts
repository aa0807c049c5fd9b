// Heap that is still in use after garbage collection (K31): what brokers hold on to. MSK sets the heap, so only what fills it can change.
import { connectionsByBroker } from '../../analysis/connection-use.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck } from '../check.ts';
import { applyConfiguration, RESTART_RISK } from '../shared/apply-config.ts';
import { numberOf, readSettings, SETTING_SECTIONS } from '../shared/broker-settings.ts';
import { conclude } from '../shared/conclude.ts';
import { brokerTable, findingsAbove, levelColumns, levelsOf, quantileOf } from '../shared/levels.ts';
import { BEST_PRACTICES, NOT_SEEN_ELSEWHERE } from '../shared/load-words.ts';
import { showMetric } from '../shared/metric-command.ts';
import { brokerSeries, expectedBrokers, metricGap, seriesSource } from '../shared/series.ts';
import { SIZE_CHANGE_RISK, sizeUp, sizeUpCommands, sizeUpImpact } from '../shared/size-up.ts';

const METRIC = METRICS.heapAfterGc;
const [KEY, STATE_TOPIC] = ['transactional.id.expiration.ms', '__transaction_state'];
const DAY_MS = 86_400_000;
const percent = (value: number) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'heap-after-gc-high',
  area: 'capacity',
  title: { pass: 'Brokers have heap to spare', fail: 'Brokers short of heap' },
  why: 'A broker that collects garbage without end pauses, drops out of the ISR, and dies when the heap is full.',
  references: [BEST_PRACTICES],
  appliesTo: ['provisioned-standard'],
  notApplicable: { ...NOT_SEEN_ELSEWHERE, 'provisioned-express': 'Express brokers publish no heap.' },
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers', 'kafkaGroups', 'kafkaTopics', 'prices', ...SETTING_SECTIONS],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'kafkaGroups', 'kafkaTopics', 'prices', ...SETTING_SECTIONS],
  evaluate({ metrics, nodes, kafkaBrokers, kafkaGroups, kafkaTopics, prices, ...settings }, thresholds, run) {
    const { mediumPercent, highPercent, minCoveragePercent } = thresholds;
    const of = (definition: typeof METRIC) => brokerSeries(metrics, definition, run, { masked: false });
    const all = of(METRIC);
    const levels = levelsOf(all, 0.95);
    const fullest = levels[0];
    const groups = kafkaGroups.ok ? `; ${kafkaGroups.value.length} consumer groups` : '';
    return conclude({
      findings: findingsAbove(
        levels,
        [
          ['high', highPercent],
          ['medium', mediumPercent],
        ],
        thresholds,
        'percent',
        run,
      ),
      gap: metricGap(metrics, METRIC, all, expectedBrokers(nodes, kafkaBrokers), minCoveragePercent),
      evidence: [
        brokerTable(
          'Heap after garbage collection by broker',
          levels.map(({ brokerId }) => brokerId),
          [
            ...levelColumns(levels, '95th percentile', 'percent'),
            ['partitions', 'Partition replicas', 'count', quantileOf(of(METRICS.partitionCount), 1)],
            ['connections', 'Connections, p95', 'count', quantileOf(connectionsByBroker(metrics), 0.95)],
          ],
          {
            source: `${seriesSource(METRIC, [...all.values()], run)}${groups}`,
            ...(fullest === undefined ? {} : showMetric(run, METRIC, fullest.brokerId)),
          },
        ),
      ],
      pass:
        fullest === undefined
          ? ''
          : `The fullest heap, of broker ${fullest.brokerId}, was at ${percent(fullest.value)} after collection at the 95th percentile (limit ${percent(mediumPercent)}).`,
      fail: (worst) =>
        `The heap of broker ${worst.resource} is at ${percent(worst.measured!)} after collection at the 95th percentile (limit ${percent(worst.limit!)}).`,
      recommend: () => {
        const step = sizeUp(settings.cluster);
        const last = step === null ? 'a larger size' : `the step from ${step.from} to ${step.to}`;
        const expiry = numberOf(readSettings([KEY], settings).found.get(KEY));
        // The topics of MSK's own API need not name internal ones: only Kafka's list proves that nobody uses transactions.
        const isUnused =
          run.topology.from === 'kafka' &&
          kafkaTopics.ok &&
          !kafkaTopics.value.some(({ name }) => name === STATE_TOPIC);
        const isLong = expiry !== null && expiry > DAY_MS && !isUnused;
        const shorter = isLong ? applyConfiguration([`${KEY}=${DAY_MS}`], settings.configuration, run) : [];
        const ids = isLong
          ? `transactional ids that are kept for ${formatQuantity(expiry, 'durationMs')} (${KEY}), `
          : '';
        return {
          action: `Find what fills the heap: ${ids}partitions, connections; only then take ${last}`,
          confirmFirst:
            'Rule out a passing cause: a burst of new transactional or idempotent producers, a client that opens connections without end, format conversions.',
          commands: [...shorter, ...sizeUpCommands(step, run)],
          risk:
            shorter.length === 0
              ? SIZE_CHANGE_RISK
              : `${RESTART_RISK} A transactional producer that is idle for more than a day must begin anew. ${SIZE_CHANGE_RISK}`,
          expectedEffect: 'Collections free what they should, and pauses no longer drop brokers from the ISR.',
          verifyAfter: 'HeapMemoryAfterGC of every broker stays below the limit over a full day.',
          effort: 'rollingRestart',
          impact: sizeUpImpact(step, prices),
        };
      },
    });
  },
});
