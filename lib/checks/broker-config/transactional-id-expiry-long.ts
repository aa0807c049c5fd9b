// Brokers remember every transactional id for transactional.id.expiration.ms, a week by default. Applications that make a new id at every start
// fill the heap with them. Source: https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html.

import { isSustained } from '../../analysis/sustained.ts';
import { kafkaDefaultOf } from '../../facts/config-defaults-kafka.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { applyConfiguration, CONFIRM_CONFIG, RESTART_RISK } from '../shared/apply-config.ts';
import { numberOf, readSettings, SETTING_SECTIONS, settingsTable, TOLERATED } from '../shared/broker-settings.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { brokerTable, levelColumns, levelsOf } from '../shared/levels.ts';
import { LOAD_SECTIONS, readLoads } from '../shared/loads.ts';
import { brokerSeries, coverageGap, expectedBrokers, seriesSource } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { missingBecause } from '../shared/wording.ts';

const KEY = 'transactional.id.expiration.ms';
const STATE_TOPIC = '__transaction_state';
const DAY_MS = 86_400_000;
const TAIL = 0.95;
const percent = (value: number) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'transactional-id-expiry-long',
  area: 'broker-config',
  title: { pass: 'Idle transactional ids take no heap', fail: 'Heap may be full of idle transactional ids' },
  why: 'Brokers keep each transactional id for a week; ids that are made at every start fill the heap.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html',
    'https://kafka.apache.org/documentation/#brokerconfigs_transactional.id.expiration.ms',
  ],
  appliesTo: ['provisioned-standard'],
  notApplicable: {
    'provisioned-express': 'The heap of Express brokers is not shown.',
    serverless: 'MSK Serverless shows no brokers.',
    kafka: 'The heap of brokers outside MSK is not visible through the Kafka protocol.',
  },
  needs: ['metrics'],
  mayUse: [...SETTING_SECTIONS, ...LOAD_SECTIONS, 'kafkaProducers', 'nodes', 'kafkaBrokers'],
  toleratesPartial: [...TOLERATED, 'kafkaTopicConfigs', 'kafkaLogDirs', 'kafkaProducers', 'nodes', 'kafkaBrokers'],
  evaluate({ metrics, kafkaProducers, nodes, kafkaBrokers, ...inputs }, thresholds, run) {
    const { found, gap } = readSettings([KEY], inputs);
    const expiry = numberOf(found.get(KEY));
    if (expiry === null) return { kind: 'no-data', because: `Not measured: ${gap}.` };
    const usual = Number(kafkaDefaultOf(KEY, null)?.value);
    const loads = readLoads(inputs, run);
    const state = loads.topics.find(({ topic }) => topic === STATE_TOPIC);
    if (inputs.kafkaTopics.ok && state === undefined)
      return { kind: 'not-applicable', because: 'Nobody uses transactions here.' };
    const open = (kafkaProducers.ok ? kafkaProducers.value : []).flatMap(({ producers }) =>
      producers.filter(({ openTransactionStart }) => openTransactionStart !== null),
    );
    const perSec = loads.gap === null ? (state?.messagesPerSec ?? null) : null;
    const isActive = open.length > 0 || (perSec ?? 0) > 0;
    const heap = brokerSeries(metrics, METRICS.heapAfterGc, run);
    const levels = levelsOf(heap, TAIL);
    const full = levels.filter(
      ({ value, series }) =>
        value > thresholds.minHeapPercent &&
        isSustained(series, (each) => each > thresholds.minHeapPercent, thresholds),
    );
    const isLong = expiry >= usual;
    return conclude({
      findings:
        isLong && isActive
          ? full.map(
              ({ brokerId, value }): FindingDraft => ({
                scope: 'broker',
                resource: brokerId,
                severity: severityFor(run, ['low', 'low', 'info']),
                measured: value,
                limit: thresholds.minHeapPercent,
                unit: 'percent',
                note: `${KEY} is ${formatQuantity(expiry, 'durationMs')}; ${open.length > 0 ? plural(open.length, 'open transaction') : `${formatQuantity(perSec, 'countPerSec')} changes of transactions`}`,
                confidence: 0.6,
              }),
            )
          : [],
      gap: isLong
        ? firstGap(
            inputs.kafkaTopics.ok ? null : missingBecause('Kafka metadata', inputs.kafkaTopics),
            coverageGap(
              heap,
              expectedBrokers(nodes, kafkaBrokers),
              METRICS.heapAfterGc.name,
              thresholds.minCoveragePercent,
            ),
            full.length > 0 && !isActive && perSec === null
              ? (loads.gap ?? 'whether transactions are active is not known')
              : null,
            gap,
          )
        : gap,
      evidence: [
        settingsTable('Expiry of transactional ids', [...found.values()]),
        brokerTable(
          'Heap after garbage collection',
          levels.map(({ brokerId }) => brokerId),
          levelColumns(levels, '95th percentile', 'percent'),
          { source: seriesSource(METRICS.heapAfterGc, [...heap.values()], run) },
        ),
      ],
      pass: isLong
        ? `Heap after collection is at ${percent(levels[0]?.value ?? 0)} at most (limit ${percent(thresholds.minHeapPercent)}), or no transaction runs.`
        : `${KEY} is ${formatQuantity(expiry, 'durationMs')}.`,
      fail: (worst) =>
        `Heap of broker ${worst.resource} is at ${percent(worst.measured!)} (limit ${percent(thresholds.minHeapPercent)}), and idle transactional ids are kept for ${formatQuantity(expiry, 'durationMs')}.`,
      recommend: () => ({
        action: `Set ${KEY}=${DAY_MS}, and give every producer an id that stays the same over its restarts`,
        confirmFirst: `Rule out other tenants of the heap: many partitions, many connections, conversions of old message formats. ${CONFIRM_CONFIG}`,
        commands: applyConfiguration([`${KEY}=${DAY_MS}`], inputs.configuration, run),
        risk: `A transactional producer that is idle for more than a day must begin anew, which old clients take as a fatal error. ${RESTART_RISK}`,
        expectedEffect: 'The heap is relieved of ids that nobody uses any more.',
        verifyAfter: 'HeapMemoryAfterGC falls over the days after the change.',
        effort: 'rollingRestart',
        impact: { kind: 'none' },
      }),
    });
  },
});
