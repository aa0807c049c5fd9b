import type { Comparison } from './compare.ts';
import type { CountResult } from './counts.ts';
import type { Environment } from './environment.ts';
import type { Load } from './fixture/load.ts';
import type { Growth } from './growth.ts';
import type { CommittedCost } from './memory.ts';

/** Everything one bench run found; the JSON file holds it whole. */
export interface BenchResults {
  kafka: string;
  environment: Environment & {
    /** Before the comparison; see `busyShareAtRest`. */
    busyShare: number;
  };
  load: Load;
  counts: CountResult[];
  bytes: { received: number; protocolSum: number };
  /** Directly at the brokers. */
  local: Comparison;
  /** Through proxies that make a round trip take one millisecond longer. */
  oneMillisecond: Comparison;
  growth: Growth[];
  committed: Record<string, CommittedCost>;
  /** The finished sections with offsets, for each row. */
  retainedBytesPerRow: number;
}

/** Counts that are wrong; times never are. */
export function wrongCounts({ counts, growth }: Pick<BenchResults, 'counts' | 'growth'>): string[] {
  return [
    ...counts.flatMap(({ name, wrong }) => wrong.map((what) => `${name}: ${what}`)),
    ...growth.flatMap(({ what, wrong }) => wrong.map((size) => `growth over ${what}: ${size}`)),
  ];
}
