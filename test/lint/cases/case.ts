// One line of the table of cases, and the words that many of them share.
import type { LintOptions } from '../../../lib/lint/lint-types.ts';

/** Found: `line severity`, of this rule alone. */
export type Case = [
  rule: string,
  why: string,
  file: string,
  text: string,
  found: string[],
  options?: Partial<LintOptions>,
];

export const P = 'producer.properties';
export const C = 'consumer.properties';
export const T = 'topic.properties';
export const B = 'server.properties';
export const MSK = 'b-1.o.a1.c2.kafka.eu-west-1.amazonaws.com';
export const TWO = (port: number) =>
  `bootstrap.servers=${MSK}:${port},b-2.o.a1.c2.kafka.eu-west-1.amazonaws.com:${port}\n`;
export const DURABILITY = { goal: 'durability' } as const;
export const THROUGHPUT = { goal: 'throughput' } as const;
export const LATENCY = { goal: 'latency' } as const;
