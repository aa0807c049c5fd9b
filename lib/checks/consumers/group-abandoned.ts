// Groups that nobody uses any more. Kafka does not tell when an offset was committed, but a record that has waited for a week was not read in
// that week; and once offsets.retention.minutes are over, the positions are gone anyway.
import type { GroupStatus } from '../../analysis/consumer-status.ts';
import { effectiveNumber } from '../../analysis/effective-config.ts';
import { groupTimeLags } from '../../analysis/group-time-lag.ts';
import { logEnds } from '../../analysis/produce-rates.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { optionArgs } from '../../text/command.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Inputs, type Recommendation, type RunContext } from '../check.ts';
import { TOLERATED } from '../shared/broker-settings.ts';
import { describeGroup, kafkaTool } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { EVERY_KIND, looksSource, NO_GROUPS, readGroups, SEC, sumLag } from '../shared/consumers.ts';
import { groupTopics, PairSeries } from '../shared/group-topics.ts';
import { soonest } from '../shared/lag-eta.ts';
import { isInUse } from '../shared/left-groups.ts';
import { severityFor } from '../shared/severity.ts';
import { listed, MAX_ROWS } from '../shared/wording.ts';

const duration = (sec: number) => formatQuantity(sec, 'durationSec');

type Sections = Inputs<'kafkaOffsets', 'kafkaSamples' | 'kafkaTopicConfigs' | 'metrics'>;

export default defineCheck({
  id: 'group-abandoned',
  area: 'consumers',
  title: { pass: 'Groups without members were used of late', fail: 'Groups that nobody uses any more' },
  why: 'Their lag hides that of groups that matter, and they take memory of their coordinator.',
  references: [
    'https://kafka.apache.org/documentation/#brokerconfigs_offsets.retention.minutes',
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-211%3A+Revise+Expiration+Semantics+of+Consumer+Group+Offsets',
  ],
  appliesTo: EVERY_KIND,
  needs: ['kafkaGroups', 'kafkaOffsets'],
  mayUse: ['kafkaSamples', 'kafkaTopicConfigs', 'metrics', 'cluster', 'configuration', 'kafkaBrokerConfigs'],
  // Without them a group is abandoned that may not be, never the other way round.
  toleratesPartial: ['kafkaSamples', 'kafkaTopicConfigs', 'metrics', 'kafkaBrokerConfigs', ...TOLERATED],
  evaluate(inputs, { idleDays, expiryHours }, run) {
    const { kafkaGroups, kafkaOffsets, kafkaSamples } = inputs;
    if (kafkaGroups.length === 0) return NO_GROUPS;
    const expiry = effectiveNumber('offsets.retention.minutes', inputs);
    const expirySec = (expiry?.number ?? Number.POSITIVE_INFINITY) * SEC.perMinute;
    // Where offsets are kept for two days or less, the last half of that.
    const limit = Math.min(idleDays * SEC.perDay, Math.max(0.5 * expirySec, expirySec - expiryHours * SEC.perHour));
    const statuses = readGroups(kafkaGroups, kafkaOffsets, kafkaSamples, run);
    const empty = statuses.filter(({ members, partitions }) => members === 0 && partitions.length > 0);
    const judged = idleGroups(empty, inputs, run);
    const found = judged.flatMap(({ group, idle }) =>
      typeof idle === 'number' && idle >= limit ? [{ group, idleSec: idle }] : [],
    );
    const unknown = judged.filter(({ idle }) => idle === 'unknown');
    const undescribed = kafkaGroups.filter(({ members }) => members === null);
    const worstFirst = [...found].sort((a, b) => b.idleSec - a.idleSec);
    return conclude({
      findings: found.map(({ group, idleSec }): FindingDraft => {
        const gone = idleSec > expirySec ? `; its offsets expire within ${duration(expirySec)} of the last member` : '';
        return {
          scope: 'group',
          resource: group.groupId,
          severity: severityFor(run, ['low', 'low', 'info']),
          measured: idleSec,
          limit,
          unit: 'durationSec',
          note: `no members; ${formatQuantity(sumLag(group.partitions), 'messages')} waiting on ${plural(group.topics.length, 'topic')}${gone}`,
          // A group that was late before it was left looks older than it is.
          confidence: 0.6,
        };
      }),
      gap: firstGap(
        expiry === null && judged.some(({ idle }) => typeof idle === 'number')
          ? 'when the brokers forget offsets (offsets.retention.minutes) is not known'
          : null,
        undescribed.length === 0
          ? null
          : `members of ${listed(undescribed.map(({ groupId }) => groupId))} were not read`,
        unknown.length === 0
          ? null
          : `when ${listed(unknown.map(({ group }) => group.groupId))} last read cannot be told from what waits for ${unknown.length === 1 ? 'it' : 'them'}`,
      ),
      evidence: [
        {
          title: 'Groups without members, by the age of what waits',
          columns: [
            { key: 'group', label: 'Group', as: 'name' },
            { key: 'idleSec', label: 'Unread for', as: 'durationSec' },
            { key: 'lag', label: 'Lag', as: 'messages' },
            { key: 'topics', label: 'Topics', as: 'name' },
          ],
          rows: worstFirst.slice(0, MAX_ROWS).map(({ group, idleSec }) => ({
            group: group.groupId,
            idleSec,
            lag: group.lagTotal,
            topics: listed(group.topics.map(({ topic }) => topic)),
          })),
          source: `${looksSource(kafkaSamples)}; offsets looked up by time`,
          ...(worstFirst[0] === undefined ? {} : { reproduce: describeGroup(worstFirst[0].group.groupId, '--state') }),
        },
      ],
      pass: `None of ${plural(empty.length, 'group')} without members has left records unread for ${duration(limit)}.`,
      fail: (worst, { length }) =>
        `${plural(length, 'group')} without members ${length === 1 ? 'has' : 'have'} read nothing for a long time; ${listed([worst.resource])} for ${duration(worst.measured!)} (limit ${duration(limit)}).`,
      recommend: (worst) => recommend(worst.resource),
    });
  },
});

interface Idle {
  group: GroupStatus;
  /** Seconds since the group read, at least; `in use` where something shows it, `unknown` where nothing waits that could tell. */
  idle: number | 'in use' | 'unknown';
}

function idleGroups(groups: readonly GroupStatus[], inputs: Sections, run: RunContext): Idle[] {
  const { kafkaOffsets, kafkaSamples, kafkaTopicConfigs, metrics } = inputs;
  const series = new PairSeries(metrics, METRICS.sumOffsetLag, run);
  const used = new Set(groupTopics(groups).flatMap((pair) => (isInUse(pair, series) ? pair.group : [])));
  const pairs = groupTopics(groups).filter(({ group }) => !used.has(group));
  const ages = groupTimeLags(
    pairs.map(({ group, rows }) => ({ ...group, partitions: rows })),
    {
      offsets: kafkaOffsets,
      ends: logEnds(kafkaOffsets, kafkaSamples.ok ? kafkaSamples.value : null, run.takenAtMs),
      configs: kafkaTopicConfigs.ok ? kafkaTopicConfigs.value : null,
    },
  );
  const byGroup = Map.groupBy(pairs.keys(), (i) => pairs[i]!.group);
  return groups.map((group) => {
    if (used.has(group)) return { group, idle: 'in use' };
    const own = byGroup.get(group) ?? [];
    // What a topic without waiting records tells is nothing; the youngest of the others counts.
    const known = own.map((i) => {
      const age = ages[i] ?? null;
      const isSure = age?.source === 'looked-up' || age?.source === 'at-least';
      return isSure && age.lagSec > 0 ? age.lagSec : null;
    });
    return { group, idle: soonest(known) ?? 'unknown' };
  });
}

function recommend(groupId: string): Recommendation {
  return {
    action: `Ask the owner of ${listed([groupId])}, and delete the group if nobody needs its position`,
    confirmFirst: 'Rule out a job that runs once a month or on demand, and a service that is switched off for a while.',
    commands: [
      describeGroup(groupId),
      kafkaTool('kafka-consumer-groups.sh', {
        purpose: 'Only if its owner says so: delete the group with its committed offsets',
        effect: 'change',
        args: ['--delete', ...optionArgs('--group', groupId)],
      }),
    ],
    risk: 'The position is lost: a group of that name begins at auto.offset.reset.',
    expectedEffect: 'Reports on lag show what matters, and the coordinator keeps less in memory.',
    verifyAfter: 'kafka-consumer-groups.sh --list no longer names the group.',
    effort: 'setting',
    impact: { kind: 'none' },
  };
}
