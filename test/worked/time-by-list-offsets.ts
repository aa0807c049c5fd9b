// The search for time lag over the records of a worked example, in place of a broker.
import { AgeBounds, type FoundRecord } from '../../lib/analysis/age-bounds.ts';
import { TimeLagSearch } from '../../lib/analysis/time-lag-search.ts';

type Records = readonly (readonly [offset: number, seconds: number])[];

/** The examples count seconds from 0, where no broker has a record. */
const EPOCH_SEC = 1_000_000_000;

export function timeByListOffsets(inputs: {
  nowSeconds: number;
  recordsOrdered: Records;
  recordsOutOfOrder: Records;
  cases: readonly (readonly [name: string, committed: number])[];
  bracketsSeconds: readonly number[];
  bracketCase: readonly [name: string, committed: number];
}) {
  const recordsOf = (name: string) =>
    name.startsWith('out-of-order') ? inputs.recordsOutOfOrder : inputs.recordsOrdered;
  const [bracketName, bracketCommitted] = inputs.bracketCase;
  const records = recordsOf(bracketName);
  const brackets = inputs.bracketsSeconds.map((T) => {
    const found = find(records, msOf(inputs.nowSeconds - T));
    const lagExceedsT = new AgeBounds(bracketCommitted, false).isBefore(found);
    return { T, offsetForTimestamp: Number(found?.offset ?? -1), lagExceedsT };
  });
  const low = brackets.findLast(({ lagExceedsT }) => lagExceedsT)?.T ?? 0;
  const high = brackets.find(({ lagExceedsT }) => !lagExceedsT)?.T ?? 'inf';
  return {
    lags: inputs.cases.map(([name, committed]) => lagOf(recordsOf(name), name, committed, inputs.nowSeconds)),
    brackets,
    bracketResult: `(${low}, ${high}]`,
  };
}

function lagOf(records: Records, name: string, committed: number, nowSeconds: number) {
  const lagSeconds = searchedLag(records, committed, nowSeconds);
  const next = records.find(([offset]) => offset >= committed);
  if (next === undefined) return { case: name, committed, lagSeconds };
  // No lag at all says only that the youngest record up to the offset is from now or from the future.
  const youngest = () => Math.max(...records.flatMap(([offset, seconds]) => (offset <= committed ? [seconds] : [])));
  const maxTimestampAtOrBelow = lagSeconds === null ? null : lagSeconds === 0 ? youngest() : nowSeconds - lagSeconds;
  return { case: name, committed, maxTimestampAtOrBelow, lagSeconds, exactNextRecordAge: nowSeconds - next[1] };
}

function searchedLag(records: Records, committed: number, nowSeconds: number): number | null {
  const partition = 0;
  const start = String(records[0]?.[0] ?? 0);
  const end = String((records.at(-1)?.[0] ?? -1) + 1);
  const search = new TimeLagSearch({
    offsets: {
      topics: { t: [{ partition, start, end, error: null }] },
      committed: [{ groupId: 'g', topic: 't', partition, offset: String(committed), error: null }],
    },
    atMs: msOf(nowSeconds),
    kindOf: () => 'plain',
    bracketsSec: [0.001],
    refinement: { steps: 1000, sec: 0, share: 0 },
  });
  for (const questions of search.steps()) {
    for (const question of questions) search.learn(question, find(records, question.timestampMs));
  }
  return search.result().lowSec[0] ?? null;
}

function find(records: Records, timestampMs: number): FoundRecord | null {
  const record = records.find(([, seconds]) => msOf(seconds) >= timestampMs);
  return record === undefined ? null : { offset: record[0], timestampMs: msOf(record[1]) };
}

function msOf(seconds: number): number {
  return Math.round((EPOCH_SEC + seconds) * 1000);
}
