// Dead-letter topics: what services could not process. Growing means that something fails right now, and a topic that nobody reads that
// nobody will ever know.
import { recentAnomaly } from '../../analysis/baseline.ts';
import { distance } from '../../analysis/offsets.ts';
import { type LogEnds, logEnds } from '../../analysis/produce-rates.ts';
import { findHourly, sumByTimestamp, trustedPoints } from '../../analysis/series.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { optionArgs } from '../../text/command.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Recommendation, type RunContext } from '../check.ts';
import { kafkaTool } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { EVERY_KIND, looksSource } from '../shared/consumers.ts';
import { milder, severityFor } from '../shared/severity.ts';
import { listed, MAX_ROWS } from '../shared/wording.ts';

/** Names by which teams call what they could not process; a retry topic is read again by the service itself. */
const DEAD_LETTER = /dlq|dead.?letter|-error|retry/i;
const RETRY = /retry/i;
const SEPARATORS = /^[-_.]+|[-_.]+$/g;

type Thresholds = CheckThresholds['dead-letter-growing'];

interface DeadLetters {
  topic: string;
  /** Null with fewer than two looks at all of its partitions. */
  perSec: number | null;
  /** Null where log start or end of a partition was not read. */
  held: number | null;
  readers: number;
  /** Of what comes into the topic that it is named after; null without one. */
  sourceSharePercent: number | null;
  isGrowing: boolean;
  /** Grows, and its history does not tell whether that is usual now: too few hours of late, or before. */
  isUntold: boolean;
}

export default defineCheck({
  id: 'dead-letter-growing',
  area: 'consumers',
  title: { pass: 'Dead-letter topics are quiet and read', fail: 'Dead-letter topics that grow or that nobody reads' },
  why: 'Each record in there is work that was not done; retention deletes it in the end.',
  references: [
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-298%3A+Error+Handling+in+Connect',
    'https://kafka.apache.org/documentation/#topicconfigs_retention.ms',
  ],
  appliesTo: EVERY_KIND,
  needs: ['kafkaTopics', 'kafkaOffsets'],
  mayUse: ['kafkaSamples', 'metrics'],
  // What is usual only excuses: without it more is found, not less.
  toleratesPartial: ['metrics'],
  evaluate({ kafkaTopics, kafkaOffsets, kafkaSamples, metrics }, thresholds, run) {
    const names = kafkaTopics
      .filter(({ internal, name }) => !internal && DEAD_LETTER.test(name))
      .map(({ name }) => name);
    if (names.length === 0)
      return { kind: 'not-applicable', because: 'No topic is named like one for dead letters, errors or retries.' };
    const ends = logEnds(kafkaOffsets, kafkaSamples.ok ? kafkaSamples.value : null, run.takenAtMs);
    const all = names.map((name) => lettersOf(name, ends, kafkaOffsets, metrics, thresholds, run));
    const untold = all.filter(({ isUntold }) => isUntold);
    const found = all.filter((each) => each.isGrowing || (each.readers === 0 && (each.held ?? 0) > 0));
    const unread = all.filter(({ perSec, held }) => perSec === null || held === null);
    const rows = [...all].sort((a, b) => (b.perSec ?? 0) - (a.perSec ?? 0) || (b.held ?? 0) - (a.held ?? 0));
    return conclude({
      findings: found.map((each) => finding(each, run)),
      gap: firstGap(
        unread.length === 0
          ? null
          : `two looks at ${listed(unread.map(({ topic }) => topic))} are needed to see ${unread.length === 1 ? 'it' : 'them'} grow`,
        untold.length === 0
          ? null
          : `CloudWatch lacks the hours that tell whether it is usual that ${listed(untold.map(({ topic }) => topic))} ${untold.length === 1 ? 'grows' : 'grow'}`,
      ),
      evidence: [
        {
          title: 'Topics for dead letters, errors and retries',
          columns: [
            { key: 'topic', label: 'Topic', as: 'name' },
            { key: 'perSec', label: 'Growth', as: 'countPerSec' },
            { key: 'held', label: 'Records', as: 'messages' },
            { key: 'readers', label: 'Groups', as: 'count' },
            { key: 'share', label: 'Share of its source', as: 'percent' },
          ],
          rows: rows.slice(0, MAX_ROWS).map(({ topic, perSec, held, readers, sourceSharePercent: share }) => {
            return { topic, perSec, held, readers, share };
          }),
          source: looksSource(kafkaSamples),
          reproduce: showOffsets(rows[0]!.topic),
        },
      ],
      pass: `None of ${plural(all.length, 'topic')} for dead letters grew during the looks, and each that holds records is read by a group.`,
      fail: (worst) => {
        const letters = found.find(({ topic }) => topic === worst.resource)!;
        return letters.isGrowing
          ? `${listed([worst.resource])} grows by ${formatQuantity(letters.perSec, 'countPerSec')}${letters.readers === 0 ? ', and no group reads it' : ''}.`
          : `${listed([worst.resource])} holds ${formatQuantity(letters.held, 'messages')}, and no group reads it.`;
      },
      recommend: (worst) => recommend(worst.resource),
    });
  },
});

function lettersOf(
  topic: string,
  ends: LogEnds,
  { committed }: SectionValue<'kafkaOffsets'>,
  metrics: Collected<SectionValue<'metrics'>>,
  thresholds: Thresholds,
  run: RunContext,
): DeadLetters {
  const perSec = rateOf(topic, ends);
  const groups = committed.filter((row) => row.topic === topic && row.offset !== null).map(({ groupId }) => groupId);
  const readers = new Set(groups).size;
  const source = topic.replace(new RegExp(DEAD_LETTER, 'gi'), '').replaceAll(SEPARATORS, '');
  const sourcePerSec = source === topic ? null : rateOf(source, ends);
  // Traffic is what a retry topic is for, as long as somebody reads it.
  const usual = RETRY.test(topic) && readers > 0 ? true : isUsual(topic, metrics, thresholds, run);
  const grows = perSec !== null && perSec > 0;
  return {
    topic,
    perSec,
    held: heldBy(topic, ends),
    readers,
    sourceSharePercent:
      perSec !== null && sourcePerSec !== null && sourcePerSec > 0 ? (100 * perSec) / sourcePerSec : null,
    isGrowing: grows && usual === false,
    isUntold: grows && usual === null,
  };
}

function rateOf(topic: string, ends: LogEnds): number | null {
  return total([...(ends.topic(topic)?.values() ?? [])].map(({ producePerSec }) => producePerSec));
}

function heldBy(topic: string, ends: LogEnds): number | null {
  return total(
    [...(ends.topic(topic)?.values() ?? [])].map(({ start, ends: looks }) => {
      const end = looks.at(-1);
      return start === null || end === undefined ? null : distance(end.offset, start);
    }),
  );
}

function total(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 || known.length < values.length ? null : known.reduce((a, b) => a + b, 0);
}

/** True only where the weeks before show as much at these hours; null where the history could not be read, or lacks these hours. */
function isUsual(
  topic: string,
  metrics: Collected<SectionValue<'metrics'>>,
  { minRobustZ, minChangePercent, spreadFloorPercent }: Thresholds,
  { maintenance, clusterKind }: RunContext,
): boolean | null {
  // Outside AWS nobody keeps the history; elsewhere it was there to be read.
  if (!metrics.ok) return clusterKind === 'kafka' ? false : null;
  const metric = clusterKind === 'serverless' ? METRICS.serverlessBytesIn : METRICS.topicBytesIn;
  const hours = findHourly(metrics.value, metric, { Topic: topic });
  if (hours.length === 0) return false;
  const series = sumByTimestamp(hours.map((each) => trustedPoints(each, { masked: maintenance, dropLast: 0 })));
  const recent = recentAnomaly(series, {
    madFloorShare: spreadFloorPercent / 100,
    zThreshold: minRobustZ,
    relThreshold: minChangePercent / 100,
  });
  return recent && recent.direction !== 'above' && recent.periods.some(({ median }) => median > 0);
}

function finding(
  { topic, perSec, held, readers, sourceSharePercent, isGrowing }: DeadLetters,
  run: RunContext,
): FindingDraft {
  const severity = severityFor(run, ['medium', 'low', 'info']);
  const share =
    sourceSharePercent === null ? '' : `, ${formatQuantity(sourceSharePercent, 'percent')} of what its source receives`;
  return {
    scope: 'topic',
    resource: topic,
    severity: isGrowing ? severity : milder(severity, 1),
    measured: isGrowing ? perSec : held,
    limit: 0,
    unit: isGrowing ? 'countPerSec' : 'messages',
    note: `${readers === 0 ? 'no group reads it' : `read by ${plural(readers, 'group')}`}; ${formatQuantity(held, 'messages')}${share}`,
    // What is usual is known of the busiest topics alone.
    confidence: isGrowing ? 0.7 : 1,
  };
}

function showOffsets(topic: string) {
  return kafkaTool('kafka-get-offsets.sh', {
    purpose: 'Show the log ends of the topic; twice, to see it grow',
    args: optionArgs('--topic', topic),
  });
}

function recommend(topic: string): Recommendation {
  return {
    action: `Look at the newest records of ${listed([topic])} and their headers for the error, tell the owner of the service, and replay them once it is mended`,
    confirmFirst:
      'Rule out a name that only looks like a dead-letter topic, and records that are kept there on purpose.',
    commands: [showOffsets(topic)],
    risk: 'A replay can do work twice, and brings records back that fail again until the cause is mended.',
    expectedEffect: 'The topic stops growing, and what is in it is dealt with before retention deletes it.',
    verifyAfter: 'The log ends stand still, and a group reads the topic.',
    effort: 'clientChange',
    impact: { kind: 'none' },
  };
}
