// The two words that choose thresholds and weights, and where each came from.

export const ENVIRONMENTS = ['production', 'staging', 'development'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

export const GOALS = ['balanced', 'latency', 'throughput', 'durability', 'cost'] as const;
export type Goal = (typeof GOALS)[number];

/** A choice and the one line that says why it applied (tag, name, option, policy, default). */
export interface Chosen<T> {
  value: T;
  because: string;
}
