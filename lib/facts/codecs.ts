// Compression codecs of Kafka side by side, and which one fits which goal.
import type { Goal } from '../policy/environment.ts';

export interface CodecRow {
  codec: 'none' | 'lz4' | 'snappy' | 'zstd' | 'gzip';
  /** Relative to the others, for text-like records; how much it saves depends on the data and is measured, not promised. */
  speed: string;
  ratio: string;
  cpu: string;
  use: string;
}

/** Relative order: https://docs.conduktor.io/learn/advanced/producers/compression. zstd needs clients and brokers of 2.1 or newer (KIP-110). */
export const CODECS: readonly CodecRow[] = [
  { codec: 'lz4', speed: 'fastest', ratio: 'moderate', cpu: 'low', use: 'latency, and the default' },
  { codec: 'snappy', speed: 'fast', ratio: 'moderate', cpu: 'low', use: 'where it is in use: no reason to hurry away' },
  { codec: 'zstd', speed: 'medium', ratio: 'best', cpu: 'medium', use: 'cost and storage' },
  { codec: 'gzip', speed: 'slow', ratio: 'best', cpu: 'high', use: 'no longer: zstd packs as well for less CPU' },
  { codec: 'none', speed: 'no work', ratio: 'none', cpu: 'none', use: 'records that are compressed already' },
];

/** The codec to advise for a goal: storage and traffic are worth CPU only where cost is the goal. */
export function codecFor(goal: Goal): 'lz4' | 'zstd' {
  return goal === 'cost' ? 'zstd' : 'lz4';
}
