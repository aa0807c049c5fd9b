// What committed offsets cost to read and to keep. A process of its own (`node --expose-gc`): its heap holds nothing else.
import { execFileSync } from 'node:child_process';
import { decodeAnswer } from '../../lib/collect/kafka/protocol/api.ts';
import { committedOffsets } from '../../lib/collect/kafka/protocol/offset-fetch.ts';
import { type GroupOffsets, offsetFetchAnswer } from '../../test/collect/kafka/answer-writers.ts';
import { type Spread, spreadOf } from './measure/statistics.ts';

interface Matrix {
  groups: number;
  topicsPerGroup: number;
  partitionsPerTopic: number;
}

export interface CommittedCost {
  pairs: number;
  answerBytes: number;
  /** Of the columns, for each (group, topic, partition), once the answer is let go. */
  retainedBytesPerPair: number;
  /** Warm. */
  decodeNsPerPair: Spread;
  /** The first time in a process. */
  firstDecodeNsPerPair: number;
}

const MATRICES: Record<string, Matrix> = {
  '500 groups × 40 partitions': { groups: 500, topicsPerGroup: 2, partitionsPerTopic: 20 },
  '500 groups × 2,000 partitions': { groups: 500, topicsPerGroup: 100, partitionsPerTopic: 20 },
};
/** OffsetFetch with many groups. */
const VERSION = 8;
const WARM_UP_PAIRS = 2_000_000;
const RUNS = 21;

export function measureCommitted(): Record<string, CommittedCost> {
  const measured = Object.keys(MATRICES).map((name) => {
    const output = execFileSync(process.execPath, ['--expose-gc', import.meta.filename, name], { encoding: 'utf8' });
    return [name, JSON.parse(output) as CommittedCost] as const;
  });
  return Object.fromEntries(measured);
}

function measure(matrix: Matrix): CommittedCost {
  const pairs = matrix.groups * matrix.topicsPerGroup * matrix.partitionsPerTopic;
  const bytes = offsetFetchAnswer(groupsOf(matrix));
  const decode = () => decodeAnswer(committedOffsets, VERSION, bytes).answer;
  const first = timed(decode);
  for (let decoded = 0; decoded < WARM_UP_PAIRS; decoded += pairs) decode();
  const nsPerPair = Array.from({ length: RUNS }, () => (timed(decode).ms * 1e6) / pairs);
  const before = heldBytes();
  const kept = decode();
  const retainedBytes = heldBytes() - before;
  if (kept.size !== pairs) throw new Error(`${kept.size} of ${pairs} pairs were read`);
  return {
    pairs,
    answerBytes: bytes.length,
    retainedBytesPerPair: retainedBytes / pairs,
    decodeNsPerPair: spreadOf(nsPerPair),
    firstDecodeNsPerPair: (first.ms * 1e6) / pairs,
  };
}

function groupsOf({ groups, topicsPerGroup, partitionsPerTopic }: Matrix): GroupOffsets[] {
  return Array.from({ length: groups }, (_, group) => ({
    groupId: `group-${String(group).padStart(4, '0')}`,
    errorCode: 0,
    topics: Array.from({ length: topicsPerGroup }, (_, topic) => ({
      topic: `topic-${String((group + topic) % 100).padStart(4, '0')}`,
      partitions: Array.from({ length: partitionsPerTopic }, (_, partition) => ({
        partition,
        offset: String(4_000_000_000 + 1_000_003 * group + partition),
        errorCode: 0,
      })),
    })),
  }));
}

function timed(work: () => unknown): { ms: number } {
  const startedMs = performance.now();
  work();
  return { ms: performance.now() - startedMs };
}

function heldBytes(): number {
  // Twice: what the first pass finalises the second one frees.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

if (import.meta.main) {
  const matrix = MATRICES[process.argv[2] ?? ''];
  if (matrix !== undefined) console.log(JSON.stringify(measure(matrix)));
}
