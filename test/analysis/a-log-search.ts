// A log as a broker holds it, searched by time as the collector does: the answers come from the log itself.
import {
  BRACKETS_SEC,
  type FoundRecord,
  REFINEMENT,
  type TimeLagInput,
  TimeLagSearch,
  type TimeLags,
} from '../../lib/analysis/time-lag-search.ts';

export const NOW_MS = 1_800_000_000_000;
export const DAY_SEC = 86_400;

/** A partition as a broker holds it: records in the order of their offsets. */
export class Log {
  readonly records: readonly { offset: number; atMs: number }[];
  start: number;
  readonly end: number;
  /** Offset before which lies another segment. */
  rolledAt = 0;

  /** @param agesSec of the records by offset; null where compaction took one away */
  constructor(agesSec: readonly (number | null)[], start = 0) {
    this.records = agesSec.flatMap((age, offset) =>
      age === null ? [] : [{ offset, atMs: NOW_MS - Math.round(age * 1000) }],
    );
    this.start = start;
    this.end = agesSec.length;
  }

  /** As Kafka searches: in the first segment that has a record as young, deleted ones included, and in no other. */
  find(timestampMs: number): FoundRecord | null {
    const isYoung = (record: { atMs: number }) => record.atMs >= timestampMs;
    const older = this.records.filter(({ offset }) => offset < this.rolledAt);
    const segment = older.some(isYoung) ? older : this.records.filter(({ offset }) => offset >= this.rolledAt);
    const found = segment.find((record) => isYoung(record) && record.offset >= this.start);
    return found === undefined ? null : { offset: found.offset, timestampMs: found.atMs };
  }

  /** D3 by definition: now - M, where M is the youngest of the records up to the offset. */
  lagSec(committed: number): number {
    const upTo = this.records.filter(({ offset }) => offset <= committed && offset >= this.start);
    return Math.max(0, NOW_MS - Math.max(...upTo.map(({ atMs }) => atMs))) / 1000;
  }
}

export interface Outcome extends TimeLags {
  /** Questions by step. */
  asked: { topic: string; partition: number; timestampMs: number }[][];
}

export interface SearchOptions extends Partial<Pick<TimeLagInput, 'kindOf' | 'bracketsSec' | 'refinement'>> {
  /** Answers of a partition that does not answer are lost. */
  silent?: (partition: number, step: number) => boolean;
  beforeStep?: (step: number) => void;
}

/** Groups by name with a committed offset for each partition of topic `t`. */
export function search(
  logs: readonly Log[],
  groups: Record<string, readonly number[]>,
  options: SearchOptions = {},
): Outcome {
  const { silent = () => false, beforeStep = () => {}, ...input } = options;
  const committed = Object.entries(groups).flatMap(([groupId, offsets]) =>
    offsets.map((offset, partition) => ({ groupId, topic: 't', partition, offset: String(offset), error: null })),
  );
  const topics = {
    t: logs.map(({ start, end }, partition) => ({ partition, start: String(start), end: String(end), error: null })),
  };
  const running = new TimeLagSearch({
    offsets: { topics, committed },
    atMs: NOW_MS,
    kindOf: () => 'plain',
    bracketsSec: BRACKETS_SEC,
    refinement: null,
    ...input,
  });
  const asked: Outcome['asked'] = [];
  for (const questions of running.steps()) {
    beforeStep(asked.length);
    asked.push(questions.map(({ log: { topic, partition }, timestampMs }) => ({ topic, partition, timestampMs })));
    for (const question of questions) {
      const { partition } = question.log;
      if (!silent(partition, asked.length - 1)) running.learn(question, logs[partition]!.find(question.timestampMs));
    }
  }
  return { ...running.result(), asked };
}

/** One partition, one group. */
export function searchOne(log: Log, committed: number, options: SearchOptions = {}) {
  const { lowSec, highSec, untrusted, asked } = search([log], { g: [committed] }, options);
  return { low: lowSec[0], high: highSec[0], isUntrusted: untrusted.length > 0, steps: asked.length };
}

export const EXACT: SearchOptions = { refinement: REFINEMENT };
/** One record a second, the last one now. */
export const steady = (count: number) => new Log(Array.from({ length: count }, (_, i) => count - 1 - i));
