// One broker that answers slowly while the others do not: a sick volume or host, which no load explains. After the slow-broker finder of
// Cruise Control (https://github.com/linkedin/cruise-control): much slower than its own past and than its peers, also for each MiB.
import { type BrokerPace, brokerPaces } from '../../analysis/broker-pace.ts';
import { MIB } from '../../analysis/throughput-limits.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { kafkaTool } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { brokerTable, quantileOf } from '../shared/levels.ts';
import { NOT_SEEN_ELSEWHERE } from '../shared/load-words.ts';
import { showMetric } from '../shared/metric-command.ts';
import { brokerSeries, seriesSource } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { listed, brokers as named } from '../shared/wording.ts';

const METRIC = METRICS.produceTotalTimeMean;
const ms = (value: number | null) => formatQuantity(value, 'durationMs');
type Thresholds = CheckThresholds['broker-slow'];

export default defineCheck({
  id: 'broker-slow',
  area: 'performance',
  title: { pass: 'No broker is slower than its peers', fail: 'Broker slower than its peers' },
  why: 'A sick broker holds up every producer that waits for it as leader or follower, and looks idle meanwhile.',
  references: ['https://github.com/linkedin/cruise-control', 'https://kafka.apache.org/documentation/#monitoring'],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: NOT_SEEN_ELSEWHERE,
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers'],
  toleratesPartial: ['nodes', 'kafkaBrokers'],
  evaluate({ metrics, nodes, kafkaBrokers }, thresholds, run) {
    const times = brokerSeries(metrics, METRIC, run);
    const bytes = brokerSeries(metrics, METRICS.bytesIn, run);
    const looks = brokerPaces(times, bytes, metrics, thresholds, run.maintenance);
    const known = new Set([
      ...(nodes.ok ? nodes.value.map(({ brokerId }) => String(brokerId)) : []),
      ...(kafkaBrokers.ok ? kafkaBrokers.value.brokers.map(({ id }) => String(id)) : []),
      ...times.keys(),
    ]);
    const busy = looks.filter(({ windows }) => windows.length > 0);
    const unseen = [...known].filter((id) => !looks.some(({ id: seen, isSeen }) => seen === id && isSeen));
    const gap = firstGap(
      times.size === 0 ? `CloudWatch has no datapoints of ${METRIC.name}` : null,
      unseen.length > 0 ? `too few recent datapoints of ${METRIC.name} and BytesInPerSec of ${named(unseen)}` : null,
      noHistory(busy, thresholds),
    );
    if (gap === null && busy.length < 3)
      return { kind: 'not-applicable', because: 'Fewer than three brokers have enough traffic to be compared.' };
    const slow = busy.filter(({ slowWindows }) => slowWindows >= thresholds.slowWindows);
    const isClusters = slow.length > Math.max(1, (thresholds.maxSlowPercent / 100) * known.size);
    const common = {
      severity: severityFor(run, ['medium', 'medium', 'info']),
      unit: 'durationMs',
      confidence: 1,
    } as const;
    const findings: FindingDraft[] = isClusters
      ? [
          {
            ...common,
            scope: 'cluster',
            resource: run.clusterName,
            measured: Math.max(...slow.map(({ nowMs }) => nowMs)),
            limit: null,
            note: `${named(slow.map(({ id }) => id))} at once, which is a trouble of the cluster`,
          },
        ]
      : slow.map(({ id, nowMs, usualMs, peersMs, slowWindows }) => ({
          ...common,
          scope: 'broker',
          resource: id,
          measured: nowMs,
          limit: Math.max(thresholds.overHistory * usualMs!, thresholds.overPeers * peersMs, thresholds.minMs),
          note: `in ${slowWindows} of the last ${thresholds.ofWindows} windows; its own 90th percentile is ${ms(usualMs)}, the others’ median ${ms(peersMs)}`,
        }));
    return conclude({
      findings,
      gap,
      evidence: [
        brokerTable(
          'Brokers against their past and their peers',
          looks.map(({ id }) => id),
          [
            ['now', 'Produce time now', 'durationMs', (id) => looks.find((each) => each.id === id)!.nowMs],
            ['usual', 'Own p90 of weeks', 'durationMs', (id) => looks.find((each) => each.id === id)!.usualMs],
            [
              'local',
              'At the leader, p95',
              'durationMs',
              quantileOf(brokerSeries(metrics, METRICS.produceLocalTimeMean, run), 0.95),
            ],
            ['cpu', 'User CPU, p95', 'percent', quantileOf(brokerSeries(metrics, METRICS.cpuUser, run), 0.95)],
            [
              'queue',
              'Volume queue, p95',
              'count',
              quantileOf(brokerSeries(metrics, METRICS.volumeQueueLength, run), 0.95),
            ],
          ],
          {
            source: `${seriesSource(METRIC, [...times.values()], run)}, outside maintenance`,
            ...(slow[0] === undefined ? {} : showMetric(run, METRIC, slow[0].id)),
          },
        ),
      ],
      pass: `No broker with at least ${formatQuantity(thresholds.minMiBPerSec * MIB, 'bytesPerSec')} was much slower than its past and its peers.`,
      fail: ({ scope, resource, measured, note }) =>
        `${scope === 'cluster' ? 'Several brokers are' : `Broker ${resource} is`} slow: produce requests take ${ms(measured)} ${note}.`,
      recommend: () => ({
        action: isClusters
          ? 'Look for what all of them share before touching one: load, a zone, a topic, a deployment'
          : `Move the leaders off broker ${listed(slow.map(({ id }) => id))}, and reboot it if it stays slow`,
        confirmFirst:
          'Rule out load: high latency with low CPU and a short queue of the volume is the sign of a sick host or volume, which AWS Support can confirm.',
        commands: isClusters
          ? []
          : [
              ...slow.flatMap(({ id }) => showMetric(run, METRICS.volumeQueueLength, id).reproduce ?? []),
              kafkaTool('kafka-leader-election.sh', {
                purpose: 'Once it is healthy again, give every partition back to its preferred leader',
                effect: 'change',
                args: ['--election-type', 'preferred', '--all-topic-partitions'],
              }),
            ],
        risk: 'Never reboot while partitions are under-replicated; leaders that move load the others.',
        expectedEffect: 'Producers no longer wait for that broker.',
        verifyAfter: 'ProduceTotalTimeMsMean of the broker is back among its peers for an hour.',
        effort: 'rollingRestart',
        impact: { kind: 'none' },
      }),
    });
  },
});

function noHistory(busy: readonly BrokerPace[], { minHistoryHours }: Thresholds): string | null {
  const young = busy.filter(({ usualMs }) => usualMs === null).map(({ id }) => id);
  return young.length === 0
    ? null
    : `fewer than ${formatQuantity(minHistoryHours * 3600, 'durationSec')} of history of ${named(young)}`;
}
