// A broker that MSK lists and that publishes nothing, while others do: it is down, or cut off. MSK replaces a dead broker by itself within
// minutes; a restart of another one meanwhile takes partitions offline. Source: docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html.
import { MINUTE_MS } from '../../analysis/durations.ts';
import { latestPoint } from '../../analysis/series.ts';
import { type Silence, silences } from '../../analysis/silences.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity, formatTime } from '../../text/units.ts';
import {
  defineCheck,
  type FindingDraft,
  type Recommendation,
  type RunContext,
  type SeverityByEnvironment,
} from '../check.ts';
import { awsKafka, listOperations } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { brokerTable } from '../shared/levels.ts';
import { METRICS_PAGE, NOT_SEEN_ELSEWHERE } from '../shared/load-words.ts';
import { showMetric } from '../shared/metric-command.ts';
import { brokerSeries, coverageGap, seriesSource } from '../shared/series.ts';
import { compareNames, milder } from '../shared/severity.ts';
import { brokers, windowHours } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'critical', staging: 'high', development: 'medium' };
const METRIC = METRICS.cpuIdle;
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const minutes = (value: number) => formatQuantity(value, 'minutes');

export default defineCheck({
  id: 'broker-silent',
  area: 'availability',
  title: { pass: 'Every broker publishes metrics', fail: 'Brokers that went silent' },
  why: 'A silent broker is down or cut off: its leaders moved to the others, and every partition it holds has one copy less.',
  references: [METRICS_PAGE, 'https://docs.aws.amazon.com/msk/latest/developerguide/troubleshooting.html'],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: NOT_SEEN_ELSEWHERE,
  needs: ['metrics', 'nodes'],
  mayUse: ['operations', 'cluster'],
  toleratesPartial: ['operations', 'cluster'],
  evaluate({ metrics, nodes, operations, cluster }, thresholds, run) {
    const all = brokerSeries(metrics, METRIC, run);
    const ids = nodes.map(({ brokerId }) => String(brokerId)).sort(compareNames);
    // A broker that was added in the window has no points before it came.
    const grew =
      operations.ok && operations.value.some((each) => each.type.includes('BROKER_COUNT') && inWindow(each, run));
    const found = silences(all, ids, thresholds.minMinutes).filter(
      ({ isLeading, isOpen }) => !grew || !isLeading || isOpen,
    );
    const silent = new Map(Map.groupBy(found, ({ brokerId }) => brokerId));
    const others = ids.filter((id) => !silent.has(id));
    const heard = new Map([...all].filter(([id]) => !silent.has(id)));
    const leaders = brokerSeries(metrics, METRICS.leaderCount, run);
    const zoneOf = (id: string) => nodes.find(({ brokerId }) => String(brokerId) === id)?.azId ?? null;
    return conclude({
      findings: [...silent].map(([id, its]) => finding(id, its, zoneOf(id), thresholds.minMinutes, run)),
      gap: firstGap(
        allSilentBecause(metrics, thresholds.selfHealMinutes, run),
        coverageGap(heard, others, METRIC.name, thresholds.minCoveragePercent),
      ),
      evidence: [
        brokerTable(
          'Leaders by broker at the latest datapoint; a broker that is down has none',
          ids,
          [
            ['silent', 'Silent', 'minutes', (id) => silent.get(id)?.reduce((sum, each) => sum + each.minutes, 0) ?? 0],
            ['leaders', 'Leaders', 'count', (id) => latestLeaders(leaders, id, silent.get(id))],
          ],
          {
            source: seriesSource(METRIC, [...all.values()], run),
            ...showMetric(run, METRIC, [...silent.keys()][0] ?? ids[0] ?? ''),
          },
        ),
      ],
      pass: `All ${ids.length} brokers published metrics, without a gap of ${minutes(thresholds.minMinutes)} that others did not have.`,
      fail: (_worst, drafts) => summaryOf(silent, drafts.length, ids.length, run),
      recommend: () => recommend(silent, thresholds.selfHealMinutes, cluster.ok ? cluster.value.state : null, run),
    });
  },
});

/** Whether CloudWatch is late or every broker is down cannot be seen from here: of a silence of all that lasts, nobody may say that all publish. */
function allSilentBecause(metrics: SectionValue<'metrics'>, maxMinutes: number, run: RunContext): string | null {
  const all = [...brokerSeries(metrics, METRIC, run, { masked: false }).values()];
  const lastMs = Math.max(...all.map((series) => latestPoint(series)?.atMs ?? Number.NEGATIVE_INFINITY));
  if (!Number.isFinite(lastMs) || run.window.endMs - lastMs <= maxMinutes * MINUTE_MS) return null;
  return `CloudWatch has no datapoint of any broker since ${formatTime(lastMs)}: either it is late, or all of them are down`;
}

function inWindow({ startMs, endMs }: SectionValue<'operations'>[number], { window }: RunContext): boolean {
  return (endMs ?? startMs ?? 0) >= window.startMs;
}

function latestLeaders(
  all: ReturnType<typeof brokerSeries>,
  id: string,
  its: readonly Silence[] | undefined,
): number | null {
  const series = all.get(id);
  if (series === undefined || its?.some(({ isOpen }) => isOpen)) return null;
  return latestPoint(series)?.value ?? null;
}

function finding(
  id: string,
  its: readonly Silence[],
  zone: string | null,
  limit: number,
  run: RunContext,
): FindingDraft {
  const longest = its[0]!;
  const open = its.find(({ isOpen }) => isOpen);
  const when = open === undefined ? `heard again since ${formatTime(longest.endMs)}` : 'nothing since';
  return {
    scope: 'broker',
    resource: id,
    // One that came back needs an explanation, and no rescue.
    severity: open === undefined ? milder(SEVERITY[run.environment], 1) : SEVERITY[run.environment],
    measured: (open ?? longest).minutes,
    limit,
    unit: 'minutes',
    now: open === undefined ? 0 : 1,
    note: [`silent from ${formatTime((open ?? longest).startMs)}, ${when}`, ...(zone === null ? [] : [zone])].join(
      '; ',
    ),
    confidence: 1,
  };
}

function summaryOf(
  silent: ReadonlyMap<string, readonly Silence[]>,
  count: number,
  total: number,
  run: RunContext,
): string {
  const open = [...silent].filter(([, its]) => its.some(({ isOpen }) => isOpen)).map(([id]) => id);
  const longest = Math.max(...[...silent.values()].flat().map((each) => each.minutes));
  const hours = formatQuantity(windowHours(run) * 3600, 'durationSec');
  if (open.length === 0)
    return `${capital(brokers([...silent.keys()]))} published nothing for up to ${minutes(longest)} of the last ${hours} and came back; no operation explains it.`;
  return `${capital(brokers(open))} of ${total} ${open.length === 1 ? 'has' : 'have'} published nothing for ${open.length === 1 ? '' : 'up to '}${minutes(longest)}, and no operation explains it${count > open.length ? `; ${count - open.length} more came back` : ''}.`;
}

function recommend(
  silent: ReadonlyMap<string, readonly Silence[]>,
  selfHealMinutes: number,
  state: string | null,
  run: RunContext,
): Recommendation {
  const open = [...silent].filter(([, its]) => its.some(({ isOpen }) => isOpen));
  const overdue = open.filter(([, its]) =>
    its.some(({ isOpen, minutes: lasted }) => isOpen && lasted > selfHealMinutes),
  );
  const heals = state === 'HEALING' ? ', which it is doing' : '';
  return {
    action:
      open.length === 0
        ? `Find out what took ${brokers([...silent.keys()])} away, in its logs and in MSK's operations`
        : `Leave all other brokers alone, give MSK ${minutes(selfHealMinutes)} to replace ${brokers(open.map(([id]) => id))}${heals}, then reboot it or open a support case`,
    confirmFirst:
      'Rule out a running operation and a restart of your own, and that CloudWatch lacks this one metric only.',
    commands: [
      ...awsKafka(run, 'list-nodes', { purpose: 'Show the brokers as MSK sees them' }),
      ...listOperations(run),
      ...overdue.flatMap(([id]) =>
        awsKafka(run, 'reboot-broker', {
          purpose: `Reboot broker ${id}, only while no partition of other brokers is under-replicated`,
          effect: 'change',
          args: ['--broker-ids', id],
        }),
      ),
    ],
    risk: 'A reboot while other replicas are out of sync takes partitions offline, or acknowledged records with them.',
    expectedEffect: 'All brokers are back, replicas catch up, and leaders return.',
    verifyAfter: 'CpuIdle of the broker has points again, and UnderReplicatedPartitions is back to 0.',
    effort: 'rollingRestart',
    impact: { kind: 'none' },
  };
}
