// Request handlers (num.io.threads) that are busy while cores idle: requests wait for a thread, not for the CPU. AWS gives a number of threads
// for the large sizes: https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html.
import { asPercents, mapped } from '../../analysis/scales.ts';
import type { TrustedSeries } from '../../analysis/series.ts';
import { isSustained } from '../../analysis/sustained.ts';
import { brokerSizeOf, recommendedThreads } from '../../facts/broker-sizes.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Recommendation, type RunContext } from '../check.ts';
import { applyConfiguration, CONFIRM_CONFIG, RESTART_RISK } from '../shared/apply-config.ts';
import { bothOf } from '../shared/both-of.ts';
import { numberOf, readSettings, SETTING_SECTIONS, settingsTable, TOLERATED } from '../shared/broker-settings.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { brokerTable, levelsOf, quantileOf } from '../shared/levels.ts';
import { showMetric } from '../shared/metric-command.ts';
import { setThreads } from '../shared/overrides.ts';
import { brokerSeries, coverageGap, expectedBrokers, seriesSource } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';

const KEYS = ['num.io.threads', 'num.network.threads'] as const;
const TAIL = 0.95;
const percent = (value: number) => formatQuantity(value, 'percent');

type Thresholds = CheckThresholds['io-threads-low'];

export default defineCheck({
  id: 'io-threads-low',
  area: 'broker-config',
  title: { pass: 'Enough request handler threads', fail: 'Too few request handler threads for the cores' },
  why: 'Requests wait for a thread while cores idle: latency rises long before the CPU is short.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html',
    'https://kafka.apache.org/documentation/#brokerconfigs_num.io.threads',
  ],
  appliesTo: ['provisioned-standard'],
  notApplicable: {
    'provisioned-express': 'AWS fixes the threads of Express brokers.',
    serverless: 'MSK Serverless has no broker settings.',
    kafka: 'How busy the threads of brokers outside MSK are is not visible through the Kafka protocol.',
  },
  needs: ['metrics'],
  mayUse: [...SETTING_SECTIONS, 'nodes', 'kafkaBrokers'],
  toleratesPartial: [...TOLERATED, 'nodes', 'kafkaBrokers'],
  evaluate({ metrics, nodes, kafkaBrokers, ...inputs }, thresholds, run) {
    const { cluster, configuration } = inputs;
    const { found, gap } = readSettings(KEYS, inputs);
    const [threads, network] = [numberOf(found.get(KEYS[0])), numberOf(found.get(KEYS[1]))];
    if (threads === null) return { kind: 'no-data', because: `Not measured: ${gap}.` };
    const instanceType = cluster.ok && cluster.value.kind !== 'serverless' ? cluster.value.instanceType : '';
    const wanted = recommendedThreads(instanceType);
    const busy = busyByBroker(brokerSeries(metrics, METRICS.requestHandlerIdle, run));
    const cpu = bothOf(brokerSeries(metrics, METRICS.cpuUser, run), brokerSeries(metrics, METRICS.cpuSystem, run));
    const expected = expectedBrokers(nodes, kafkaBrokers);
    const few = wanted !== null && threads < wanted.ioThreads;
    const limit = few ? thresholds.busyPercent : thresholds.veryBusyPercent;
    // A thread a core is what Kafka can use: beyond, handlers that are busy beside an idle CPU wait for something else.
    const vcpu = brokerSizeOf(instanceType)?.vcpu ?? 0;
    const target = threads < vcpu ? vcpu : null;
    const cpuAt = quantileOf(cpu, TAIL);
    const findings = levelsOf(busy, TAIL)
      .filter(({ value, series }) => value > limit && isSustained(series, (each) => each > limit, thresholds))
      .filter(({ brokerId }) => hasCores(cpuAt(brokerId), few, thresholds))
      .map(
        ({ brokerId, value }): FindingDraft => ({
          scope: 'broker',
          resource: brokerId,
          severity: severityFor(run, ['medium', 'low', 'info']),
          measured: value,
          limit,
          unit: 'percent',
          note: `${threads} request handlers${few ? `, where AWS gives ${wanted.ioThreads} for ${instanceType}` : ''}; CPU at ${percent(cpuAt(brokerId) ?? 0)}`,
          confidence: found.get('num.io.threads')!.confidence,
        }),
      );
    return conclude({
      findings,
      gap: firstGap(
        coverageGap(busy, expected, METRICS.requestHandlerIdle.name, thresholds.minCoveragePercent),
        coverageGap(cpu, expected, 'CpuUser + CpuSystem', thresholds.minCoveragePercent),
        gap,
      ),
      evidence: [
        settingsTable('Threads', [...found.values()]),
        brokerTable(
          'Request handlers and CPU, 95th percentile',
          busy.keys(),
          [
            ['busy', 'Handlers busy', 'percent', quantileOf(busy, TAIL)],
            ['cpu', 'CPU', 'percent', cpuAt],
          ],
          { source: seriesSource(METRICS.requestHandlerIdle, [...busy.values()], run) },
        ),
      ],
      pass: `The busiest request handlers are ${percent(levelsOf(busy, TAIL)[0]?.value ?? 0)} busy with ${threads} threads (limit ${percent(limit)}).`,
      fail: (worst) =>
        `Request handlers of broker ${worst.resource} are ${percent(worst.measured!)} busy (limit ${percent(limit)}) with ${threads} threads, and CPU is left.`,
      recommend: (worst): Recommendation =>
        target === null
          ? lookAtVolume(worst.resource, threads, vcpu, run)
          : {
              action: `Raise num.io.threads to ${target} and num.network.threads to half of it`,
              confirmFirst: `Rule out a slow volume, for which handlers wait as well: then more threads only queue in another place. ${CONFIRM_CONFIG}`,
              commands: [
                ...setThreads('Raise the threads', KEYS[0], target, found.get(KEYS[0]), inputs.kafkaBrokerConfigs),
                ...applyConfiguration(
                  [`${KEYS[0]}=${target}`, `${KEYS[1]}=${Math.max(network ?? 0, Math.ceil(target / 2))}`],
                  configuration,
                  run,
                ),
              ],
              risk: `More threads take more memory. ${RESTART_RISK} Keep the dynamic value and the file equal, or the next revision seems to do nothing.`,
              expectedEffect: 'Idle cores take up requests that wait now.',
              verifyAfter: 'RequestHandlerAvgIdlePercent rises above 0.5 while CPU stays below its limit.',
              effort: 'setting',
              impact: { kind: 'none' },
            },
    });
  },
});

/** Handlers that are as many as the cores, and busy while those idle. */
function lookAtVolume(brokerId: string, threads: number, vcpu: number, run: RunContext): Recommendation {
  const shown = showMetric(run, METRICS.volumeQueueLength, brokerId).reproduce;
  return {
    action: `Look at the volume of the broker before the threads: ${vcpu === 0 ? `${threads} handlers` : `${threads} handlers for ${vcpu} vCPU`} that are busy while cores idle wait for storage`,
    confirmFirst:
      'Rule out requests that hold a handler without work for the CPU: forced flushes, reads of old records from disk, or authorisation that asks elsewhere.',
    commands: shown === undefined ? [] : [shown],
    risk: 'More threads would only queue in front of the volume, and take memory.',
    expectedEffect: 'With a volume that answers in time the handlers are free again.',
    verifyAfter: 'VolumeQueueLength falls and RequestHandlerAvgIdlePercent rises above 0.5.',
    effort: 'setting',
    impact: { kind: 'none' },
  };
}

/** With fewer threads than AWS gives, cores are there by definition; else the CPU must say so. */
function hasCores(cpuPercent: number | null, few: boolean, { maxCpuPercent }: Thresholds): boolean {
  return few || (cpuPercent !== null && cpuPercent < maxCpuPercent);
}

function busyByBroker(idle: ReadonlyMap<string, TrustedSeries>): Map<string, TrustedSeries> {
  const percents = asPercents([...idle.values()]);
  return new Map([...idle.keys()].map((id, i) => [id, mapped(percents[i]!, (value) => 100 - value)]));
}
