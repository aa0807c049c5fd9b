// What brokers need to serve consumers (K08): without the wait for data, which the total time contains. Slow fetches are mostly cold reads.
import { fetchServiceSeries, fetchTimes, phaseShares } from '../../analysis/request-times.ts';
import { findSeries, latestPoint, trustedPoints } from '../../analysis/series.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Evidence } from '../check.ts';
import { kafkaTool } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { latencyLimits } from '../shared/latency-limits.ts';
import { brokerTable, quantileOf } from '../shared/levels.ts';
import { MONITORING, NOT_SEEN_ELSEWHERE } from '../shared/load-words.ts';
import { phaseTable } from '../shared/phases.ts';
import { brokerSeries, expectedBrokers, metricGap } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { windowHours } from '../shared/wording.ts';

const PHASES = [
  METRICS.fetchConsumerRequestQueueTimeMean,
  METRICS.fetchConsumerLocalTimeMean,
  METRICS.fetchConsumerResponseQueueTimeMean,
  METRICS.fetchConsumerResponseSendTimeMean,
];
const ms = (value: number) => formatQuantity(value, 'durationMs');

export default defineCheck({
  id: 'fetch-latency-high',
  area: 'performance',
  title: { pass: 'Brokers answer consumers in time', fail: 'Consumer fetches slow' },
  why: 'Consumers get their records late and fall behind, and reads from disk slow down the writes of producers.',
  references: [MONITORING],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: NOT_SEEN_ELSEWHERE,
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers'],
  toleratesPartial: ['nodes', 'kafkaBrokers'],
  evaluate({ metrics, nodes, kafkaBrokers }, thresholds, run) {
    const read = (definition: (typeof PHASES)[number]) => brokerSeries(metrics, definition, run);
    const expected = expectedBrokers(nodes, kafkaBrokers);
    const { clusterMs, brokers } = fetchTimes(read);
    const gap = firstGap(
      ...[...PHASES, METRICS.bytesOut].map((definition) =>
        metricGap(metrics, definition, read(definition), expected, thresholds.minCoveragePercent),
      ),
    );
    const [slowest] = brokers;
    if (gap === null && clusterMs === null)
      return { kind: 'not-applicable', because: 'Nothing was consumed in the window.' };
    const { bad } = latencyLimits('K08', run);
    const total = slowest === undefined ? undefined : fetchServiceSeries(read).get(slowest.brokerId);
    const shares = total === undefined ? null : phaseShares('fetch', slowest!.brokerId, total, read);
    return conclude({
      findings:
        clusterMs !== null && clusterMs > bad
          ? [
              {
                scope: 'cluster',
                resource: run.clusterName,
                severity: severityFor(run, ['medium', 'low', 'info']),
                measured: clusterMs,
                limit: bad,
                unit: 'durationMs',
                note: `slowest on broker ${slowest!.brokerId}`,
                confidence: 1,
              },
            ]
          : [],
      gap,
      evidence: [
        brokerTable(
          'Service time of consumer fetches by broker',
          brokers.map(({ brokerId }) => brokerId),
          [
            ['p95', 'p95 of 5-minute means', 'durationMs', (id) => brokers.find((b) => b.brokerId === id)!.p95Ms],
            ['bytesOut', 'Bytes out, p95', 'bytesPerSec', quantileOf(read(METRICS.bytesOut), 0.95)],
            ['volumeRead', 'Read from volume in 5 min, p95', 'bytes', quantileOf(read(METRICS.volumeReadBytes), 0.95)],
            ['tier', 'Read from the tier, p95', 'bytesPerSec', quantileOf(read(METRICS.remoteFetchBytes), 0.95)],
          ],
          {
            source: `CloudWatch FetchConsumer RequestQueue + Local + ResponseQueue + ResponseSend TimeMsMean, Average of 300 s, last ${windowHours(run)} h, outside maintenance, only with traffic`,
          },
        ),
        ...phaseTable(shares, slowest?.brokerId),
        ...farBehind(metrics),
      ],
      pass: `Brokers served consumers within ${ms(clusterMs ?? 0)} (95th percentile of five-minute means, limit ${ms(bad)}).`,
      fail: (worst) =>
        `Consumer fetches took ${ms(worst.measured!)} of broker work (95th percentile of five-minute means, limit ${ms(bad)}), most on broker ${slowest!.brokerId}.`,
      recommend: () => ({
        action:
          'Let groups that read far behind catch up off peak or with a quota of their own, so that the page cache serves the others',
        confirmFirst:
          'Rule out slow consumers: time spent on sending alone is the client’s network. Reads from the volume or the tier show that old records are read.',
        commands: [
          kafkaTool('kafka-consumer-groups.sh', {
            purpose: 'Find the groups that are far behind',
            args: ['--describe', '--all-groups'],
          }),
          kafkaTool('kafka-configs.sh', {
            purpose: 'Show the quotas of clients',
            args: ['--describe', '--entity-type', 'clients'],
          }),
        ],
        risk: 'A quota slows that client down, and its lag lasts longer.',
        expectedEffect: 'Readers at the end of the log are served from memory again.',
        verifyAfter: 'The service time of fetches stays below the limit and VolumeReadBytes falls.',
        effort: 'setting',
        impact: { kind: 'none' },
      }),
    });
  },
});

/** The groups with the largest lag now. */
function farBehind(metrics: SectionValue<'metrics'>): Evidence[] {
  const rows = findSeries(metrics, METRICS.sumOffsetLag).flatMap((series) => {
    const latest = latestPoint(trustedPoints(series));
    const { 'Consumer Group': group = '', Topic: topic = '' } = series.dimensions;
    return latest === null || latest.value === 0 ? [] : [{ group, topic, lag: latest.value }];
  });
  if (rows.length === 0) return [];
  return [
    {
      title: 'Groups furthest behind',
      columns: [
        { key: 'group', label: 'Group', as: 'name' },
        { key: 'topic', label: 'Topic', as: 'name' },
        { key: 'lag', label: 'Lag', as: 'messages' },
      ],
      rows: rows.sort((a, b) => b.lag - a.lag).slice(0, 5),
      source: 'CloudWatch SumOffsetLag, latest',
    },
  ];
}
