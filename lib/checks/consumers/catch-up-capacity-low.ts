// How much faster than the producers a group reads when it has a backlog. A group that is not behind reads as fast as records come, so only
// one that lags shows what it can do: the others are not observed, which is no pass.
import { type CatchUp, catchUp } from '../../analysis/lag-forecast.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Recommendation, type RunContext } from '../check.ts';
import { describeGroup } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import {
  CONSUMER_LAG,
  EVERY_KIND,
  looksSource,
  NO_GROUPS,
  readGroups,
  SEC,
  unjudgedBecause,
} from '../shared/consumers.ts';
import { allowedLag, type GroupSpeed, groupSpeeds } from '../shared/group-speeds.ts';
import { type GroupTopic, groupTopics, PairSeries, pairName, unseenHours } from '../shared/group-topics.ts';
import { severityFor } from '../shared/severity.ts';
import { listed, MAX_ROWS } from '../shared/wording.ts';

const perSec = (value: number) => formatQuantity(value, 'countPerSec');

type Thresholds = CheckThresholds['catch-up-capacity-low'];

interface Speed extends CatchUp, GroupSpeed {
  members: number;
  partitions: number;
}

export default defineCheck({
  id: 'catch-up-capacity-low',
  area: 'consumers',
  title: { pass: 'Consumers catch up after an outage', fail: 'Consumers with too little speed to catch up' },
  why: 'After the next outage or deployment the group stays late for hours, or for good.',
  references: [CONSUMER_LAG, 'https://kafka.apache.org/documentation/#basic_ops_consumer_lag'],
  appliesTo: EVERY_KIND,
  needs: ['kafkaGroups', 'kafkaOffsets'],
  mayUse: ['kafkaSamples', 'metrics'],
  // Each group that CloudWatch lacks is named.
  toleratesPartial: ['metrics'],
  evaluate({ kafkaGroups, kafkaOffsets, kafkaSamples, metrics }, thresholds, run) {
    if (kafkaGroups.length === 0) return NO_GROUPS;
    const statuses = readGroups(kafkaGroups, kafkaOffsets, kafkaSamples, run);
    const series = new PairSeries(metrics, METRICS.sumOffsetLag, run);
    const pairs = groupTopics(statuses);
    const lastLookMs = kafkaSamples.ok ? (kafkaSamples.value.at(-1)?.atMs ?? null) : null;
    const speeds = groupSpeeds(pairs, { lag: series, metrics, lastLookMs }, run).map((speed) =>
      recoveryOf(speed, thresholds),
    );
    const unknown = pairs.filter((pair) => lagged(pair, series, run) && !speeds.some((speed) => speed.pair === pair));
    const slow = speeds.filter(({ ratio, recoverySeconds }) => {
      const isLong = recoverySeconds === null || recoverySeconds > thresholds.recoveryHours * 3600;
      return ratio < thresholds.minRatio || isLong;
    });
    const slowest = [...speeds].sort((a, b) => a.ratio - b.ratio);
    return conclude({
      findings: slow.map((speed) => finding(speed, thresholds, run)),
      worse: 'lower',
      gap: firstGap(
        unjudgedBecause(statuses, kafkaSamples, run),
        unseenHours(pairs, series, thresholds.minCoveragePercent, run),
        unknown.length === 0
          ? null
          : `${listed(unknown.map(pairName))} lagged and showed no speed: nothing was read meanwhile, or what came in was not measured (${METRICS.topicMessagesIn.name} needs the monitoring level ${METRICS.topicMessagesIn.level})`,
        speeds.length > 0 ? null : 'no group had a backlog to work on, so that none showed how fast it can read',
      ),
      evidence: [
        {
          title: 'Groups that were seen with a backlog',
          columns: [
            { key: 'group', label: 'Group', as: 'name' },
            { key: 'topic', label: 'Topic', as: 'name' },
            { key: 'consumeMaxPerSec', label: 'Fastest', as: 'countPerSec' },
            { key: 'producePerSec', label: 'Produced', as: 'countPerSec' },
            { key: 'ratio', label: 'Ratio', as: 'ratio' },
            { key: 'recoverySeconds', label: 'Recovery', as: 'durationSec' },
            { key: 'members', label: 'Members', as: 'count' },
            { key: 'membersNeeded', label: 'Members needed', as: 'count' },
            { key: 'partitions', label: 'Partitions', as: 'count' },
            { key: 'from', label: 'Seen in', as: 'name' },
          ],
          rows: slowest
            .slice(0, MAX_ROWS)
            .map(
              ({
                pair,
                ratio,
                consumeMaxPerSec,
                producePerSec,
                recoverySeconds,
                members,
                membersNeeded,
                partitions,
                from,
              }) => ({
                group: pair.group.groupId,
                topic: pair.topic,
                consumeMaxPerSec,
                producePerSec,
                ratio,
                recoverySeconds,
                members,
                membersNeeded,
                partitions,
                from,
              }),
            ),
          source: `${looksSource(kafkaSamples)}; CloudWatch ${METRICS.sumOffsetLag.name} and ${METRICS.topicMessagesIn.name}, p95 over the window where both are there`,
          ...(slowest[0] === undefined ? {} : { reproduce: describeGroup(slowest[0].pair.group.groupId) }),
        },
      ],
      pass: `Each of ${plural(speeds.length, 'group and topic', 'groups and topics')} seen with a backlog read at least ${formatQuantity(thresholds.minRatio, 'ratio')} times as fast as was produced; ${pairs.length - speeds.length} had none.`,
      fail: (worst) =>
        `With a backlog ${listed([worst.resource])} read ${formatQuantity(worst.measured, 'ratio')} times what was produced (limit ${formatQuantity(worst.limit, 'ratio')}).`,
      recommend: (worst) => recommend(slow.find(({ pair }) => pairName(pair) === worst.resource)!),
    });
  },
});

/** Whichever of the two limits asks for more. */
function recoveryOf(speed: GroupSpeed, { outageMinutes, recoveryHours, minRatio }: Thresholds): Speed {
  const { rows, producePerSec, consumeMaxPerSec } = speed;
  const members = new Set(rows.flatMap(({ assignedTo }) => assignedTo ?? [])).size;
  const load = { producePerSec, consumeMaxPerSec, members, partitions: rows.length };
  const outageSeconds = outageMinutes * SEC.perMinute;
  const targetRecoverySeconds = Math.min(
    recoveryHours * 3600,
    outageSeconds / Math.max(minRatio - 1, Number.MIN_VALUE),
  );
  return { ...speed, ...load, ...catchUp({ ...load, outageSeconds, targetRecoverySeconds }) };
}

/** In the window: a group that had a backlog, and could have shown its speed. */
function lagged(pair: GroupTopic, series: PairSeries, run: RunContext): boolean {
  const highest = series.trusted(pair.group.groupId, pair.topic)?.highest ?? null;
  return highest !== null && highest > allowedLag(pair, run);
}

function finding(speed: Speed, { minRatio, outageMinutes }: Thresholds, run: RunContext): FindingDraft {
  const { pair, ratio, recoverySeconds, consumeMaxPerSec, producePerSec, from } = speed;
  const recovery =
    recoverySeconds === null ? 'never caught up' : `caught up after ${formatQuantity(recoverySeconds, 'durationSec')}`;
  return {
    scope: 'group',
    resource: pairName(pair),
    severity: severityFor(run, ['medium', 'low', 'info']),
    measured: ratio,
    limit: minRatio,
    unit: 'ratio',
    note: `reads ${perSec(consumeMaxPerSec)} of ${perSec(producePerSec)} produced; an outage of ${formatQuantity(outageMinutes, 'minutes')} is ${recovery}`,
    confidence: from === 'window' ? 0.7 : 0.5,
  };
}

function recommend({ pair, members, membersNeeded, withinPartitions, partitions }: Speed): Recommendation {
  const name = listed([pair.group.groupId]);
  return {
    action:
      members === 0
        ? `Process records of ${name} in batches with larger fetches`
        : withinPartitions
          ? `Process records of ${name} in batches with larger fetches, then go from ${plural(members, 'member')} to ${membersNeeded}`
          : `Make the processing of ${name} faster (batches, larger fetches, parallel work): ${membersNeeded} members would be needed, and only ${partitions} partitions can be read at once`,
    confirmFirst:
      'Rule out a consumer that holds itself back on purpose, a quota on its client, and one slow member or hot partition.',
    commands: [describeGroup(pair.group.groupId), describeGroup(pair.group.groupId, '--members', '--verbose')],
    risk: 'Each change of members rebalances the group; what it writes to must bear the higher load.',
    expectedEffect: 'A backlog is read in hours, at the speed gained over what is produced.',
    verifyAfter: 'At the next backlog SumOffsetLag falls faster than before.',
    effort: 'clientChange',
    impact: { kind: 'unknown', because: 'the cost of client machines is not known' },
  };
}
