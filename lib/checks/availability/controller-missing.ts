// Without an active controller no leader is elected and no topic changed. Every broker publishes the count and only the controller's is
// right, hence Maximum. An election takes seconds. Source: docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html.
import { latestPoint, longestRun, minutesWhere, runsWhere } from '../../analysis/series.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { formatQuantity, formatTime } from '../../text/units.ts';
import { defineCheck, type Evidence, type RunContext, type SeverityByEnvironment } from '../check.ts';
import { listOperations } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { METRICS_PAGE, NOT_SEEN_ELSEWHERE } from '../shared/load-words.ts';
import { brokerSeries, clusterSeries, isThin, percentSeen, seriesSource } from '../shared/series.ts';
import { MAX_ROWS } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'critical', staging: 'critical', development: 'high' };
const METRIC = METRICS.activeController;
const SESSION = METRICS.zooKeeperSession;
const isMissing = (value: number) => value < 1;
const minutes = (value: number) => formatQuantity(value, 'minutes');

export default defineCheck({
  id: 'controller-missing',
  area: 'availability',
  title: { pass: 'The cluster has an active controller', fail: 'No active controller' },
  why: 'Without a controller a broker that fails takes its partitions with it: nobody elects other leaders, and no topic can be changed.',
  references: [METRICS_PAGE],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: NOT_SEEN_ELSEWHERE,
  needs: ['metrics'],
  mayUse: [],
  evaluate({ metrics }, { minMinutes, supportMinutes, minCoveragePercent }, run) {
    const series = clusterSeries(metrics, METRIC, run);
    const longest = series === null ? null : longestRun(series, isMissing);
    const isOpen = series !== null && isMissing(latestPoint(series)?.value ?? 1);
    const isFinding = longest !== null && longest.minutes >= minMinutes;
    return conclude({
      findings: isFinding
        ? [
            {
              scope: 'cluster',
              resource: run.clusterName,
              severity: SEVERITY[run.environment],
              measured: longest.minutes,
              limit: minMinutes,
              unit: 'minutes',
              now: isOpen ? 1 : 0,
              note: `from ${formatTime(longest.startMs)}, ${isOpen ? 'still so' : 'there is one now'}`,
              confidence: 1,
            },
          ]
        : [],
      gap: isThin(series, minCoveragePercent)
        ? `CloudWatch has ${percentSeen(series)} of the datapoints of ${METRIC.name} outside maintenance`
        : null,
      evidence: series === null ? [] : [stretches(series, run), ...sessions(metrics, run)],
      pass:
        longest === null
          ? 'There was one at all times.'
          : `There is one; the longest time without was ${minutes(longest.minutes)} (limit ${minutes(minMinutes)}), as in an election.`,
      fail: () =>
        `No broker was the active controller for ${minutes(longest?.minutes ?? 0)} on end, ${minutes(series === null ? 0 : minutesWhere(series, isMissing))} in all; ${isOpen ? 'there is still none' : 'there is one now'}.`,
      recommend: () => ({
        action: isOpen
          ? `Leave all brokers alone and open a support case once it lasts longer than ${minutes(supportMinutes)}`
          : 'Ask AWS support what became of the controller, and look at operations and broker logs of that time',
        confirmFirst: 'Rule out a running operation: while controllers are replaced there is none for moments.',
        commands: listOperations(run),
        risk: 'None: nothing is changed. Restarting brokers without a controller moves no leader away first.',
        expectedEffect: 'Leaders are elected and topics changed again.',
        verifyAfter: 'The Maximum of ActiveControllerCount is 1 in every minute.',
        effort: 'setting',
        impact: { kind: 'none' },
      }),
    });
  },
});

function stretches(series: NonNullable<ReturnType<typeof clusterSeries>>, run: RunContext): Evidence {
  return {
    title: 'Times without an active controller, outside maintenance',
    columns: [
      { key: 'from', label: 'From', as: 'epochMs' },
      { key: 'minutes', label: 'Lasted', as: 'minutes' },
    ],
    rows: runsWhere(series, isMissing)
      .toSorted((a, b) => b.minutes - a.minutes)
      .slice(0, MAX_ROWS)
      .map(({ startMs, minutes: lasted }) => ({ from: startMs, minutes: lasted })),
    source: seriesSource(METRIC, [series], run),
  };
}

/** Brokers whose session with ZooKeeper was not connected all the time; only where ZooKeeper keeps the metadata. */
function sessions(metrics: Parameters<typeof clusterSeries>[0], run: RunContext): Evidence[] {
  const all = brokerSeries(metrics, SESSION, run);
  const lost = [...all].filter(([, { measured }]) => measured.some((value) => value !== 1));
  if (lost.length === 0) return [];
  return [
    {
      title: 'Brokers whose session with ZooKeeper was not connected (1.0) all the time',
      columns: [
        { key: 'broker', label: 'Broker', as: 'name' },
        { key: 'minutes', label: 'Not connected', as: 'minutes' },
      ],
      rows: lost.map(([broker, series]) => ({ broker, minutes: minutesWhere(series, (value) => value !== 1) })),
      source: seriesSource(
        SESSION,
        lost.map(([, series]) => series),
        run,
      ),
    },
  ];
}
