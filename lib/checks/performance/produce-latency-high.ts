// Broker-side produce time (K07), and the first questions of the cause tree where the monitoring level shows the phases of a request.
import { type PhaseName, type PhaseShare, phaseShares, produceTimes } from '../../analysis/request-times.ts';
import { median } from '../../analysis/statistics.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Recommendation, type RunContext } from '../check.ts';
import { awsKafka } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { latencyLimits } from '../shared/latency-limits.ts';
import { brokerTable, quantileOf } from '../shared/levels.ts';
import { BEST_PRACTICES, MONITORING, NOT_SEEN_ELSEWHERE, PASSING_LOAD } from '../shared/load-words.ts';
import { showMetric } from '../shared/metric-command.ts';
import { phaseTable } from '../shared/phases.ts';
import { brokerSeries, expectedBrokers, metricGap, seriesSource } from '../shared/series.ts';
import { severityFor, stepFor } from '../shared/severity.ts';

const METRIC = METRICS.produceTotalTimeMean;
const ms = (value: number) => formatQuantity(value, 'durationMs');

export default defineCheck({
  id: 'produce-latency-high',
  area: 'performance',
  title: { pass: 'Brokers answer producers in time', fail: 'Produce requests slow' },
  why: 'Producers wait for the broker: their buffers fill up, send calls block, and records are late or time out.',
  references: [MONITORING, BEST_PRACTICES],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: NOT_SEEN_ELSEWHERE,
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers', 'cluster'],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'cluster'],
  evaluate({ metrics, nodes, kafkaBrokers, cluster }, thresholds, run) {
    const read = (definition: typeof METRIC) => brokerSeries(metrics, definition, run);
    const expected = expectedBrokers(nodes, kafkaBrokers);
    const times = read(METRIC);
    const gapOf = (definition: typeof METRIC) =>
      metricGap(metrics, definition, read(definition), expected, thresholds.minCoveragePercent);
    const gap = gapOf(METRIC) ?? gapOf(METRICS.bytesIn);
    const { clusterMs, brokers } = produceTimes(read);
    const [slowest] = brokers;
    if (gap === null && (clusterMs === null || slowest === undefined))
      return { kind: 'not-applicable', because: 'Nothing was produced in the window.' };
    const { good, bad } = latencyLimits('K07', run);
    const usual = median(brokers.map(({ p95Ms }) => p95Ms)) ?? 0;
    const shared = { unit: 'durationMs', confidence: 1 } as const;
    const ofCluster: FindingDraft = {
      ...shared,
      scope: 'cluster',
      resource: run.clusterName,
      severity: severityFor(run, ['high', 'medium', 'low']),
      measured: clusterMs,
      limit: bad,
      note: 'all brokers, weighted by traffic',
    };
    const ofBroker = brokers
      .filter(({ p95Ms }) => p95Ms > good && p95Ms > thresholds.brokerOverMedian * usual)
      .map(
        ({ brokerId, p95Ms }): FindingDraft => ({
          ...shared,
          scope: 'broker',
          resource: brokerId,
          // Slower than the others, but not too slow yet, is a step milder.
          severity: stepFor(run, p95Ms > bad ? 'high' : 'medium'),
          measured: p95Ms,
          limit: Math.max(good, thresholds.brokerOverMedian * usual),
          note: `the median of the brokers is ${ms(usual)}`,
        }),
      );
    const shares = slowest === undefined ? null : phaseShares('produce', slowest.brokerId, slowest.series, read);
    return conclude({
      findings: [...(clusterMs !== null && clusterMs > bad ? [ofCluster] : []), ...ofBroker],
      gap,
      evidence: [
        brokerTable(
          'Produce time by broker',
          brokers.map(({ brokerId }) => brokerId),
          [
            ['p95', 'p95 of 5-minute means', 'durationMs', (id) => brokers.find((b) => b.brokerId === id)!.p95Ms],
            ['bytesIn', 'Bytes in, p95', 'bytesPerSec', quantileOf(read(METRICS.bytesIn), 0.95)],
            ['cpu', 'User CPU, p95', 'percent', quantileOf(read(METRICS.cpuUser), 0.95)],
            ['queue', 'Volume queue, p95', 'count', quantileOf(read(METRICS.volumeQueueLength), 0.95)],
            ['shaped', 'Packets shaped', 'count', quantileOf(read(METRICS.trafficShaping), 1)],
          ],
          {
            source: `${seriesSource(METRIC, [...times.values()], run)}, outside maintenance, only with traffic`,
            ...(slowest === undefined ? {} : showMetric(run, METRIC, slowest.brokerId)),
          },
        ),
        ...phaseTable(shares, slowest?.brokerId),
      ],
      pass: `Brokers answered producers within ${ms(clusterMs ?? 0)} (95th percentile of five-minute means, limit ${ms(bad)}).`,
      fail: (worst) =>
        `Produce requests took ${ms(worst.measured!)} ${worst.scope === 'broker' ? `on broker ${worst.resource} ` : ''}(95th percentile of five-minute means, limit ${ms(worst.limit!)})${causeOf(shares, thresholds)?.clause ?? ''}.`,
      recommend: (worst, { length }) =>
        recommend(
          causeOf(shares, thresholds),
          length === 1 && worst.scope === 'broker' ? worst.resource : null,
          isDefaultLevel(cluster),
          run,
        ),
    });
  },
});

interface Cause {
  /** For the end of the summary. */
  clause: string;
  action: string;
  /** Where a single broker is slow, which the other brokers need no step for. */
  ofOne?: (brokerId: string) => string;
}

/** The first branch of the tree that holds: each names the next thing to look at. */
function causeOf(shares: readonly PhaseShare[] | null, limits: CheckThresholds['produce-latency-high']): Cause | null {
  if (shares === null) return null;
  const share = (phase: PhaseName) => shares.find((each) => each.phase === phase)?.sharePercent ?? 0;
  if (share('queue') > limits.queueSharePercent)
    return {
      clause: ', most of it waiting for a request handler',
      action: 'Relieve the request handlers: larger producer batches first, then more threads or CPU',
    };
  if (share('local') > limits.localSharePercent)
    return {
      clause: ', most of it at the leader’s own log',
      action: 'Relieve the volumes: compress, spread the leaders, then provision storage throughput',
      ofOne: (id) =>
        `Find out why broker ${id} alone is slow: at the load of its peers its volume or host is sick, at a higher one spread the leaders`,
    };
  if (share('remote') > limits.remoteSharePercent)
    return {
      clause: ', most of it waiting for the followers',
      action: 'Find the follower that is slow: its volume, its network, and num.replica.fetchers of all brokers',
    };
  if (share('send') > limits.sendSharePercent)
    return {
      clause: ', much of it sending the answer',
      action: 'Relieve the network threads, and find the producers that read their answers slowly',
    };
  return {
    clause: ', in no single phase',
    action: 'Look for throttling, then let producers send larger compressed batches',
  };
}

const LARGER_BATCHES =
  'Let producers send larger compressed batches (linger.ms 5 to 25, batch.size 64 to 128 KiB, lz4)';

/** Only from the lowest level up: on any other the phases are published already, and the command would switch the level down. */
function isDefaultLevel(cluster: Collected<SectionValue<'cluster'>>): boolean {
  return cluster.ok && cluster.value.kind !== 'serverless' && cluster.value.enhancedMonitoring === 'DEFAULT';
}

function recommend(cause: Cause | null, only: string | null, canPublish: boolean, run: RunContext): Recommendation {
  return {
    action:
      (only !== null && cause?.ofOne?.(only)) ||
      cause?.action ||
      LARGER_BATCHES + (canPublish ? ', and switch on PER_BROKER to see which phase is slow' : ''),
    confirmFirst: PASSING_LOAD,
    commands:
      cause !== null || !canPublish
        ? []
        : awsKafka(run, 'update-monitoring', {
            purpose: 'Publish the phases of requests, a paid level of monitoring',
            effect: 'change',
            args: ['--current-version', { variable: 'CURRENT_VERSION' }, '--enhanced-monitoring', 'PER_BROKER'],
          }),
    risk: 'Larger batches wait up to linger.ms for company: measure the whole way of a record, not only the broker.',
    expectedEffect: 'Fewer and larger requests spend less time in every phase.',
    verifyAfter:
      'The 95th percentile of ProduceTotalTimeMsMean, weighted by traffic, stays below the limit over a full day.',
    effort: 'clientChange',
    causedBy: ['broker-slow'],
    impact: { kind: 'none' },
  };
}
