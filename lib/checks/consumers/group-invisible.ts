// Groups whose lag no alarm can see: MSK publishes none for names outside plain ASCII or with a colon, and only once a stable group has
// committed.
import { hasLagMetrics } from '../../facts/consumer-groups.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { optionArgs } from '../../text/command.ts';
import { plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Recommendation } from '../check.ts';
import { describeGroup, kafkaTool } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { CONSUMER_LAG, NO_GROUPS, readGroups } from '../shared/consumers.ts';
import { PairSeries } from '../shared/group-topics.ts';
import { severityFor } from '../shared/severity.ts';
import { listed, MAX_ROWS } from '../shared/wording.ts';

const METRIC = METRICS.sumOffsetLag;

type Visibility = 'seen' | 'name' | 'silent' | 'not asked';

export default defineCheck({
  id: 'group-invisible',
  area: 'consumers',
  title: { pass: 'CloudWatch has the lag of every group', fail: 'Groups whose lag CloudWatch does not have' },
  why: 'No alarm on their lag can ever fire.',
  references: [CONSUMER_LAG],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'serverless', 'unknown'],
  notApplicable: { kafka: 'Only MSK publishes the lag of groups to CloudWatch.' },
  needs: ['kafkaGroups', 'kafkaOffsets'],
  mayUse: ['metrics', 'kafkaSamples'],
  // Each group that was not asked for is named; who commits is known from one look.
  toleratesPartial: ['metrics', 'kafkaSamples'],
  evaluate({ kafkaGroups, kafkaOffsets, kafkaSamples, metrics }, { minCoveragePercent }, run) {
    if (kafkaGroups.length === 0) return NO_GROUPS;
    const series = new PairSeries(metrics, METRIC, run);
    const statuses = readGroups(kafkaGroups, kafkaOffsets, kafkaSamples, run);
    const topics = new Map(statuses.map((group) => [group.groupId, group.topics.map(({ topic }) => topic)]));
    const groups = kafkaGroups
      .filter(({ groupId }) => topics.get(groupId)!.length > 0)
      .map((group) => ({
        group,
        why: visibilityOf(group, topics.get(group.groupId)!, series, minCoveragePercent),
      }));
    const found = groups.filter(({ why }) => why === 'name' || why === 'silent');
    const unknown = groups.filter(({ why }) => why === 'not asked');
    return conclude({
      findings: found.map(
        ({ group, why }): FindingDraft => ({
          scope: 'group',
          resource: group.groupId,
          severity: severityFor(run, ['low', 'low', 'info']),
          measured: null,
          limit: null,
          unit: 'count',
          note:
            why === 'name'
              ? 'its name has a colon or a character outside ASCII'
              : `stable and committing, but ${METRIC.name} has no point in the window`,
          confidence: why === 'name' ? 1 : 0.6,
        }),
      ),
      gap:
        unknown.length === 0
          ? null
          : `CloudWatch was not asked for the lag of ${plural(unknown.length, 'group')} (${listed(unknown.map(({ group }) => group.groupId))})`,
      evidence: [
        {
          title: 'Groups without a published lag',
          columns: [
            { key: 'group', label: 'Group', as: 'name' },
            { key: 'state', label: 'State', as: 'name' },
            { key: 'topics', label: 'Topics', as: 'name' },
          ],
          rows: found.slice(0, MAX_ROWS).map(({ group }) => ({
            group: group.groupId,
            state: group.state,
            topics: listed(topics.get(group.groupId)!),
          })),
          source: `Kafka ListGroups and OffsetFetch; CloudWatch ${METRIC.name}`,
          ...(found[0] === undefined ? {} : { reproduce: describeGroup(found[0].group.groupId, '--state') }),
        },
      ],
      pass: `CloudWatch has the lag of all ${plural(groups.length, 'group')} that commit.`,
      fail: (worst, { length }) =>
        `CloudWatch has no lag of ${plural(length, 'group')}, ${listed([worst.resource])} for one: no alarm can see ${length === 1 ? 'it' : 'them'}.`,
      recommend: (worst) => recommend(worst.resource, found.find(({ group }) => group.groupId === worst.resource)!.why),
    });
  },
});

/** Silence counts only for a group that stood the whole time: any other may have been rebalancing, or be new. */
function visibilityOf(
  { groupId, state }: SectionValue<'kafkaGroups'>[number],
  topics: readonly string[],
  series: PairSeries,
  minCoveragePercent: number,
): Visibility {
  if (!hasLagMetrics(groupId)) return 'name';
  const asked = topics.flatMap((topic) => series.trusted(groupId, topic) ?? []);
  if (asked.some(({ count }) => count > 0)) return 'seen';
  const raw = topics.flatMap((topic) => series.raw(groupId, topic) ?? []);
  const isWhole = raw.length > 0 && raw.every(({ incomplete }) => incomplete !== true);
  const isJudged = asked.some(({ expected, values }) => 100 * expected >= minCoveragePercent * values.length);
  if (!isWhole || !isJudged) return topics.some(hasLagMetrics) ? 'not asked' : 'name';
  return state === 'Stable' ? 'silent' : 'seen';
}

function recommend(groupId: string, why: Visibility): Recommendation {
  const isName = why === 'name';
  return {
    action: isName
      ? `Give ${listed([groupId])} a name of plain ASCII without a colon, and take its offsets along`
      : `Find out why MSK publishes no lag of ${listed([groupId])}: it may be new, or rebalance too often to be seen`,
    confirmFirst: 'Rule out a group that is watched by other means, and one that was created within the last minutes.',
    commands: [
      describeGroup(groupId),
      ...(isName
        ? [
            kafkaTool('kafka-consumer-groups.sh', {
              purpose:
                'Print the present offsets as CSV, to load them into the new group with --from-file while both are stopped',
              args: [
                '--reset-offsets',
                '--to-current',
                '--all-topics',
                '--export',
                '--dry-run',
                ...optionArgs('--group', groupId),
              ],
            }),
          ]
        : []),
    ],
    risk: 'A group under a new name begins at auto.offset.reset unless its offsets are copied: records are read again or skipped.',
    expectedEffect: 'SumOffsetLag and its kind are published for the group, and alarms on them work.',
    verifyAfter: 'CloudWatch lists SumOffsetLag with the name of the group.',
    effort: 'clientChange',
    impact: { kind: 'none' },
  };
}
