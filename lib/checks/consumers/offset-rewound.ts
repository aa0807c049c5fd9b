// A committed offset that fell and has not come back: somebody reset the group, or it lost its place and begins again. What follows is
// read, and acted upon, a second time. Or the log went back instead and ends below the commit: the group will begin elsewhere, or skips.
import type { GroupStatus, PartitionStatus } from '../../analysis/consumer-status.ts';
import { distance, type Offset, parseOffset } from '../../analysis/offsets.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Recommendation } from '../check.ts';
import { describeGroup } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import {
  EVERY_KIND,
  looksSource,
  NO_GROUPS,
  readGroups,
  unjudgedBecause,
  whichPartitions,
  withStatus,
} from '../shared/consumers.ts';
import { beyondOf, cutFinding, cutsOf, cutTable, recommendReset, unprovenBecause } from '../shared/cut-logs.ts';
import { severityFor } from '../shared/severity.ts';
import { listed, MAX_ROWS } from '../shared/wording.ts';

interface Rewind {
  group: GroupStatus;
  row: PartitionStatus;
  from: Offset;
  to: Offset;
  /** Of the look at which it had fallen. */
  atMs: number;
  again: number;
}

export default defineCheck({
  id: 'offset-rewound',
  area: 'consumers',
  title: {
    pass: 'Committed offsets only go forward',
    fail: 'Committed offsets that went back or lie beyond the log end',
  },
  why: 'Records are processed a second time, or skipped without an error.',
  references: [
    'https://kafka.apache.org/documentation/#consumerconfigs_auto.offset.reset',
    'https://github.com/linkedin/Burrow/wiki/Consumer-Lag-Evaluation-Rules',
  ],
  appliesTo: EVERY_KIND,
  needs: ['kafkaGroups', 'kafkaOffsets'],
  mayUse: ['kafkaSamples'],
  evaluate({ kafkaGroups, kafkaOffsets, kafkaSamples }, _thresholds, run) {
    if (kafkaGroups.length === 0) return NO_GROUPS;
    const statuses = readGroups(kafkaGroups, kafkaOffsets, kafkaSamples, run);
    const samples = kafkaSamples.ok ? kafkaSamples.value : [];
    const fallen = withStatus(statuses, 'REWIND').flatMap(({ group, rows }) => {
      const its = rows.filter((row) => beyondOf(row) === 0);
      return its.length === 0 ? [] : [{ group, rows: its }];
    });
    const cuts = new Map(statuses.flatMap(cutsOf).map((cut) => [cutFinding(cut, run), cut]));
    const positions = positionsOf(new Set(fallen.map(({ group }) => group.groupId)), kafkaOffsets.committed);
    const rewound = fallen.map(({ group, rows }) => ({
      group,
      rows,
      rewinds: rows.flatMap((row) => rewindOf(group, row, positions.get(keyOf(group.groupId, row)), samples) ?? []),
    }));
    const all = rewound.flatMap(({ rewinds }) => rewinds).sort((a, b) => b.again - a.again);
    return conclude({
      findings: [
        ...cuts.keys(),
        ...rewound.map(
          ({ group, rows, rewinds }): FindingDraft => ({
            scope: 'group',
            resource: group.groupId,
            severity: severityFor(run, ['medium', 'low', 'info']),
            measured: rewinds.reduce((total, { again }) => total + again, 0),
            limit: 0,
            unit: 'messages',
            note: `${whichPartitions(rows)} to be read again`,
            confidence: 1,
          }),
        ),
      ],
      gap: firstGap(unjudgedBecause(statuses, kafkaSamples, run), unprovenBecause(statuses)),
      evidence: [
        {
          title: 'Committed offsets that fell',
          columns: [
            { key: 'group', label: 'Group', as: 'name' },
            { key: 'topic', label: 'Topic', as: 'name' },
            { key: 'partition', label: 'Partition', as: 'count' },
            { key: 'from', label: 'From', as: 'name' },
            { key: 'to', label: 'To', as: 'name' },
            { key: 'again', label: 'Read again', as: 'messages' },
            { key: 'at', label: 'Seen at', as: 'epochMs' },
          ],
          rows: all.slice(0, MAX_ROWS).map(({ group, row, from, to, again, atMs }) => ({
            group: group.groupId,
            topic: row.topic,
            partition: row.partition,
            from: String(from),
            to: String(to),
            again,
            at: atMs,
          })),
          source: looksSource(kafkaSamples),
          ...(all[0] === undefined ? {} : { reproduce: describeGroup(all[0].group.groupId) }),
        },
        ...(cuts.size === 0 ? [] : [cutTable([...cuts.values()], looksSource(kafkaSamples))]),
      ],
      pass: `No committed offset of ${plural(kafkaGroups.length, 'group')} fell during the looks of this run.`,
      fail: (worst) => {
        const cut = cuts.get(worst);
        if (cut !== undefined)
          return `${listed([cut.topic])} ends ${formatQuantity(cut.beyond, 'messages')} below what ${listed([cut.group.groupId])} committed: the group will be reset, or skips what is written until then.`;
        return `${listed([worst.resource])} went back by ${formatQuantity(worst.measured, 'messages')}, which it reads again.`;
      },
      recommend: (worst) => {
        const cut = cuts.get(worst);
        return cut === undefined ? recommend(worst.resource) : recommendReset(cut);
      },
    });
  },
});

/** Neither a partition nor the name of a topic has a space. */
function keyOf(groupId: string, { topic, partition }: { topic: string; partition: number }): string {
  return `${partition} ${topic} ${groupId}`;
}

/** Where the commits of these groups are in the list. */
function positionsOf(
  groupIds: ReadonlySet<string>,
  committed: SectionValue<'kafkaOffsets'>['committed'],
): Map<string, number> {
  const positions = new Map<string, number>();
  if (groupIds.size === 0) return positions;
  for (const [position, each] of committed.entries())
    if (groupIds.has(each.groupId)) positions.set(keyOf(each.groupId, each), position);
  return positions;
}

function rewindOf(
  group: GroupStatus,
  row: PartitionStatus,
  position: number | undefined,
  samples: SectionValue<'kafkaSamples'>,
): Rewind | null {
  if (position === undefined) return null;
  const looks = samples.flatMap(({ atMs, committed: at }) => {
    const offset = parseOffset(at[position] ?? null);
    return offset === null ? [] : [{ atMs, offset }];
  });
  const fall = looks.findIndex(({ offset }, i) => i > 0 && offset < looks[i - 1]!.offset);
  if (fall < 1) return null;
  const [before, after] = [looks[fall - 1]!, looks[fall]!];
  const again = distance(before.offset, after.offset);
  return { group, row, from: before.offset, to: after.offset, atMs: after.atMs, again };
}

function recommend(groupId: string): Recommendation {
  return {
    action: `Ask who reset ${listed([groupId])}; if nobody did, look in its log for an offset out of range or expired, after which auto.offset.reset decides where it begins`,
    confirmFirst:
      'Rule out a reset on purpose (kafka-consumer-groups.sh --reset-offsets, a seek in the client, a replay).',
    commands: [describeGroup(groupId), describeGroup(groupId, '--members', '--verbose')],
    risk: 'What the group writes to receives these records twice, unless it can tell.',
    expectedEffect:
      'The group goes forward from where it is; resetting it once more would skip or repeat further records.',
    verifyAfter: 'The committed offset passes the value from which it fell.',
    effort: 'clientChange',
    impact: { kind: 'none' },
  };
}
