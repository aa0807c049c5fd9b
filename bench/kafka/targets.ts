// What the design promises (§9 and the goals of its performance notes), held against what was found.
import type { MeasuredRun } from './measure/process.ts';
import { type Spread, spreadOf } from './measure/statistics.ts';
import { KAFKA_TOOL, KAFKAJS, OURS, PLATFORMATIC } from './peers.ts';
import type { BenchResults } from './results.ts';

export interface Target {
  what: string;
  found: string;
  target: string;
  met: boolean;
}

export function targetsOf(results: BenchResults): Target[] {
  return [...countTargets(results), ...peerTargets(results), ...growthTargets(results), ...memoryTargets(results)];
}

function countTargets({ counts, bytes }: BenchResults): Target[] {
  const rows = counts.map(({ name, allowed, requests, wrong, serialRoundTrips }): Target => {
    const found = name === 'serial round trips' ? `${serialRoundTrips}` : `${requests} requests, 1 connection a broker`;
    return { what: name, found: [found, ...wrong].join('; '), target: allowed, met: wrong.length === 0 };
  });
  const share = bytes.received / bytes.protocolSum;
  const found = `${bytes.received} = ${share.toFixed(2)} × ${bytes.protocolSum}`;
  return [...rows, { what: 'bytes received', found, target: '≤ 1.15 × the protocol sum', met: share <= 1.15 }];
}

function peerTargets({ local, oneMillisecond }: BenchResults): Target[] {
  const faster = (what: string, spread: Spread | null | undefined, least: number): Target => ({
    what,
    found: spread ? timesText(spread) : 'not measured',
    target: `≥ ${least.toFixed(least < 10 ? 1 : 0)} ×`,
    met: spread ? spread.median >= least : false,
  });
  const peak = spreadOf((local.runs[OURS] ?? []).map(({ peakRssMb }) => peakRssMb));
  return [
    faster(`whole process, ${KAFKA_TOOL}`, local.ratios[KAFKA_TOOL]?.wallMs, 100),
    faster(`collection, ${KAFKAJS}`, local.ratios[KAFKAJS]?.collectMs, 12),
    faster(`collection, ${KAFKAJS}, 1 ms round trip`, oneMillisecond.ratios[KAFKAJS]?.collectMs, 25),
    faster(`CPU of the collection, ${KAFKAJS}`, local.ratios[KAFKAJS]?.collectCpuMs, 4),
    faster(`collection, ${PLATFORMATIC}`, local.ratios[PLATFORMATIC]?.collectMs, 2),
    faster(`whole process, ${PLATFORMATIC}`, local.ratios[PLATFORMATIC]?.wallMs, 1 / 0.3),
    faster(`peak memory, ${PLATFORMATIC}`, local.ratios[PLATFORMATIC]?.peakRssMb, 1 / 0.85),
    {
      what: 'peak memory of the process',
      found: `${Math.round(peak.median)} MB`,
      target: '≤ 95 MB',
      met: peak.median <= 95,
    },
  ];
}

function growthTargets({ growth }: BenchResults): Target[] {
  return growth.flatMap(({ what, wallExponent, lastDoubling, wrong, steps }): Target[] => [
    {
      what: `growth over ${what}: requests`,
      found: [...new Set(steps.map(({ requests }) => requests))].join(', '),
      target: 'the same at every size',
      met: wrong.length === 0,
    },
    {
      what: `growth over ${what}: exponent of time`,
      found: wallExponent.toFixed(2),
      target: '≤ 0.9',
      met: wallExponent <= 0.9,
    },
    {
      what: `growth over ${what}: last doubling`,
      found: `${lastDoubling.toFixed(2)} ×`,
      target: '≤ 2.1 ×',
      met: lastDoubling <= 2.1,
    },
  ]);
}

function memoryTargets({ committed, retainedBytesPerRow }: BenchResults): Target[] {
  const rows = Object.entries(committed).flatMap(([name, cost]): Target[] => [
    {
      what: `committed offsets kept, ${name}`,
      found: `${cost.retainedBytesPerPair.toFixed(1)} B`,
      target: '≤ 16 B a pair',
      met: cost.retainedBytesPerPair <= 16,
    },
    {
      what: `committed offsets decoded, ${name}`,
      found: `${cost.decodeNsPerPair.median.toFixed(1)} ns`,
      target: '≤ 30 ns a pair',
      met: cost.decodeNsPerPair.median <= 30,
    },
  ]);
  const found = `${retainedBytesPerRow.toFixed(0)} B a row`;
  return [...rows, { what: 'finished sections with offsets kept', found, target: 'for the record', met: true }];
}

/** `12.3 × (11.0–14.1)`. */
export function timesText({ median, min, max }: Spread): string {
  const short = (value: number) => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
  return `${short(median)} × (${short(min)}–${short(max)})`;
}

/** `12 (11–14)`; nothing for what the client does not tell. */
export function spreadText(runs: readonly MeasuredRun[], figure: keyof MeasuredRun): string {
  const told = runs.flatMap((run) => run[figure] ?? []);
  if (told.length === 0) return '';
  const { median, min, max } = spreadOf(told);
  return `${Math.round(median)} (${Math.round(min)}–${Math.round(max)})`;
}
