// Groups that spend their time on rebalances: minutes in which MSK published no lag, because the group was neither stable nor empty; and a
// group that was found in a rebalance and committed nothing in all looks that followed.
import type { GroupStatus } from '../../analysis/consumer-status.ts';
import type { LagGaps } from '../../analysis/lag-gaps.ts';
import { REBALANCING_STATES } from '../../facts/consumer-groups.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { safeLabel } from '../../text/sanitize.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Inputs, type Recommendation, type RunContext } from '../check.ts';
import { applyConfiguration } from '../shared/apply-config.ts';
import { describeGroup } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { CONSUMER_LAG, EVERY_KIND, looksSpanSec, NO_GROUPS, readGroups } from '../shared/consumers.ts';
import { PairSeries } from '../shared/group-topics.ts';
import { groupGaps, unsteadyUnknown } from '../shared/rebalances.ts';
import { severityFor } from '../shared/severity.ts';
import { listed, MAX_ROWS, missingBecause } from '../shared/wording.ts';

const METRIC = METRICS.sumOffsetLag;
/** Longer than a deployment of many members. */
const REBALANCE_DELAY = 'group.initial.rebalance.delay.ms=10000';

type Group = SectionValue<'kafkaGroups'>[number];

export default defineCheck({
  id: 'rebalances-frequent',
  area: 'consumers',
  title: { pass: 'Consumer groups are steady', fail: 'Consumer groups that rebalance often' },
  why: 'During a rebalance members read nothing, and what was read but not committed is read again.',
  references: [CONSUMER_LAG, 'https://kafka.apache.org/documentation/#consumerconfigs_group.instance.id'],
  appliesTo: EVERY_KIND,
  needs: [],
  mayUse: ['kafkaGroups', 'metrics', 'kafkaOffsets', 'kafkaSamples', 'configuration'],
  // Gaps of each group are counted or missed by name; the looks only add what is under way.
  toleratesPartial: ['metrics', 'kafkaOffsets', 'kafkaSamples', 'configuration'],
  evaluate(inputs, { missingPercent }, run) {
    const { metrics, configuration } = inputs;
    const kafkaGroups = inputs.kafkaGroups.ok ? inputs.kafkaGroups.value : [];
    if (inputs.kafkaGroups.ok && kafkaGroups.length === 0) return NO_GROUPS;
    const series = new PairSeries(metrics, METRIC, run);
    const gaps = groupGaps(series, run);
    const statuses = statusesOf(kafkaGroups, inputs, run);
    const spanSec = looksSpanSec(inputs.kafkaSamples);
    const stuck = kafkaGroups.filter((group) => isStuck(group, statuses, spanSec, run));
    const unsteady = [...gaps].filter(([, { gapShare }]) => 100 * gapShare! > missingPercent);
    const seen = new Set(unsteady.map(([groupId]) => groupId));
    const groupOf = (groupId: string) => kafkaGroups.find((group) => group.groupId === groupId);
    const findings = [
      ...unsteady.map(([groupId, each]) => ofGaps(groupId, each, groupOf(groupId), missingPercent, run)),
      ...stuck.filter(({ groupId }) => !seen.has(groupId)).map((group) => ofLooks(group, spanSec, run)),
    ];
    const rows = [...gaps].sort(([, a], [, b]) => b.gapShare! - a.gapShare!).slice(0, MAX_ROWS);
    const judged = kafkaGroups.filter(({ members }) => members === null || members.length > 0);
    const unjudged = stateUnknown(judged, statuses, spanSec, run);
    return conclude({
      findings,
      gap: firstGap(
        inputs.kafkaGroups.ok ? null : missingBecause('the list of groups', inputs.kafkaGroups),
        unsteadyUnknown(kafkaGroups, inputs.kafkaOffsets, gaps, run),
        unjudged,
      ),
      evidence: [
        {
          title: 'Minutes without a published lag, by group',
          columns: [
            { key: 'group', label: 'Group', as: 'name' },
            { key: 'missing', label: 'Missing', as: 'percent' },
            { key: 'gaps', label: 'Gaps', as: 'count' },
            { key: 'longest', label: 'Longest', as: 'minutes' },
            { key: 'lastEnd', label: 'Last one ended', as: 'epochMs' },
            { key: 'members', label: 'Members', as: 'count' },
            { key: 'static', label: 'With group.instance.id', as: 'count' },
            { key: 'assignor', label: 'Assignor', as: 'name' },
            { key: 'clients', label: 'Clients', as: 'name' },
          ],
          rows: rows.map(([groupId, { gapShare, gaps: list }]) => ({
            group: groupId,
            missing: 100 * gapShare!,
            gaps: list.length,
            longest: list.length === 0 ? 0 : Math.max(...list.map(({ minutes }) => minutes)),
            lastEnd: list.at(-1)?.endMs ?? null,
            ...membersOf(groupOf(groupId)),
          })),
          source: `CloudWatch ${METRIC.name}, ${METRIC.periodSec} s, between its first and last point, without maintenance and minutes in which no group had a lag`,
          ...(rows[0] === undefined ? {} : { reproduce: describeGroup(rows[0][0], '--state') }),
        },
      ],
      pass: `No group was unstable for more than ${formatQuantity(missingPercent, 'percent')} of the window.`,
      fail: (worst) =>
        worst.unit === 'percent'
          ? `${listed([worst.resource])} was neither stable nor empty for ${formatQuantity(worst.measured, 'percent')} of the window (limit ${formatQuantity(worst.limit, 'percent')}).`
          : `${listed([worst.resource])} was in a rebalance for all of ${formatQuantity(worst.measured, 'durationSec')} that were looked at.`,
      recommend: (worst) => recommend(worst.resource, groupOf(worst.resource), configuration, run),
    });
  },
});

type Sections = Inputs<never, 'kafkaOffsets' | 'kafkaSamples'>;

function statusesOf(
  groups: SectionValue<'kafkaGroups'>,
  { kafkaOffsets, kafkaSamples }: Sections,
  run: RunContext,
): readonly GroupStatus[] {
  return kafkaOffsets.ok ? readGroups(groups, kafkaOffsets.value, kafkaSamples, run) : [];
}

/** In a rebalance at the first look, with records waiting and nothing committed at any look after it. */
function isStuck(group: Group, statuses: readonly GroupStatus[], spanSec: number, { lag }: RunContext): boolean {
  if (!REBALANCING_STATES.includes(group.state) || spanSec < lag.minSpanSec) return false;
  const partitions = statuses.find(({ groupId }) => groupId === group.groupId)?.partitions ?? [];
  const waiting = partitions.filter((row) => row.lag !== null && row.lag > lag.allowedMessages);
  return waiting.length > 0 && partitions.every(({ lastProgressMs }) => lastProgressMs === null);
}

/** A group that was found in a rebalance is only known to have left it by its commits. */
function stateUnknown(
  groups: readonly Group[],
  statuses: readonly GroupStatus[],
  spanSec: number,
  { lag }: RunContext,
): string | null {
  const rebalancing = groups.filter(({ state }) => REBALANCING_STATES.includes(state));
  const unknown = rebalancing.filter(
    ({ groupId }) => spanSec < lag.minSpanSec || !statuses.some((status) => status.groupId === groupId),
  );
  return unknown.length === 0
    ? null
    : `whether ${listed(unknown.map(({ groupId }) => groupId))} left the rebalance it was found in was not seen`;
}

function membersOf(group: Group | undefined) {
  const members = group?.members ?? null;
  return {
    members: members?.length ?? null,
    static: members?.filter(({ instanceId }) => instanceId !== null).length ?? null,
    assignor: group?.assignor ?? null,
    clients: members === null ? null : listed([...new Set(members.map(({ clientId }) => clientId))]),
  };
}

function ofGaps(
  groupId: string,
  { gapShare, gaps }: LagGaps,
  group: Group | undefined,
  limit: number,
  run: RunContext,
) {
  const members = group?.members ?? [];
  const dynamic = members.filter(({ instanceId }) => instanceId === null).length;
  return {
    scope: 'group',
    resource: groupId,
    severity: severityFor(run, ['medium', 'low', 'info']),
    measured: 100 * gapShare!,
    limit,
    unit: 'percent',
    note: `${plural(gaps.length, 'gap')}${members.length === 0 ? '' : `; ${dynamic} of ${plural(members.length, 'member')} without group.instance.id, assignor ${safeLabel(group!.assignor || 'not told', 40)}`}`,
    // Gaps may have other reasons: the coordinator moved, commits expired.
    confidence: 0.6,
  } satisfies FindingDraft;
}

function ofLooks({ groupId, state }: Group, spanSec: number, run: RunContext): FindingDraft {
  return {
    scope: 'group',
    resource: groupId,
    severity: severityFor(run, ['medium', 'low', 'info']),
    measured: spanSec,
    limit: 0,
    unit: 'durationSec',
    note: `state ${safeLabel(state, 40)}; records wait and nothing was committed`,
    confidence: 0.6,
  };
}

function recommend(
  groupId: string,
  group: Group | undefined,
  configuration: Inputs<never, 'configuration'>['configuration'],
  run: RunContext,
): Recommendation {
  const isNew = group?.type === 'consumer';
  const hasStatic = group?.members?.every(({ instanceId }) => instanceId !== null) === true && group.members.length > 0;
  const steps = [
    ...(hasStatic ? [] : ['give each member a group.instance.id']),
    ...(isNew ? [] : ['use the CooperativeStickyAssignor (or group.protocol=consumer from Kafka 4.0 on)']),
    'set session.timeout.ms to 45000 or more with heartbeat.interval.ms at most a third of it',
    'lower max.poll.records before raising max.poll.interval.ms',
  ];
  return {
    action: `In the clients of ${listed([groupId])}: ${steps.join(', ')}`,
    confirmFirst:
      'Rule out deployments and autoscaling of the clients during the window, topics that were created or deleted, and a broker that restarted.',
    commands: [
      describeGroup(groupId, '--state'),
      describeGroup(groupId, '--members', '--verbose'),
      ...applyConfiguration([REBALANCE_DELAY], configuration, run),
    ],
    risk: 'With static members a partition of a dead one waits for the session timeout; the broker setting restarts the brokers one by one, and helps only groups that start empty.',
    expectedEffect: 'Fewer pauses in which the whole group stands still.',
    verifyAfter: 'SumOffsetLag of the group has next to no gaps over a day, deployments included.',
    effort: 'clientChange',
    impact: { kind: 'none' },
  };
}
