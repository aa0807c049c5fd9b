// What producers of the tests of single checks send, as nobody should and as one may.
import { KEPT_TOPICS } from './live-checks-topics.ts';
import { noise, type Stream } from './live-checks-traffic.ts';

export const ago = (ms: number): string => String(Date.now() - ms);
export const some = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

export const CARELESS_STREAMS: readonly Stream[] = [
  { topic: 'one-lane', everyMs: 200, messages: () => [{ value: noise(50_000) }] },
  {
    topic: 'tiny',
    everyMs: 20,
    gzip: true,
    messages: () => some(6, (partition) => ({ value: noise(600), partition })),
  },
  {
    topic: 'tiny',
    everyMs: 20,
    gzip: true,
    messages: () => some(6, (partition) => ({ value: noise(600), partition })),
  },
  {
    topic: 'hot-keys',
    everyMs: 200,
    messages: () => some(70, (i) => ({ value: 'x'.repeat(20), partition: i < 60 ? 0 : 1 + (i % 8) })),
  },
  { topic: 'checkout-dlq', everyMs: 300, messages: () => [{ value: 'failed' }] },
  { topic: 'transactions', everyMs: 300, messages: () => [{ value: 'behind it' }] },
  { topic: 'late', everyMs: 300, messages: () => some(6, (partition) => ({ value: 'late', partition })) },
  { topic: 'future', everyMs: 300, messages: () => [{ value: 'soon', timestamp: ago(-1_800_000) }] },
];

export const DRIP: readonly Stream[] = ['pair', ...KEPT_TOPICS.filter((topic) => topic !== 'slow')].map((topic) => ({
  topic,
  everyMs: 1_500,
  messages: () => [{ key: 'k', value: 'drop' }],
}));
export const STEADY: Stream = {
  topic: 'slow',
  everyMs: 200,
  messages: () => some(24, (i) => ({ value: 'late', partition: i % 6 })),
};
/** Most of all traffic, so that it is what is sampled. */
export const CALM: Stream = {
  topic: 'calm',
  everyMs: 300,
  messages: () => some(3, (partition) => ({ value: noise(12_000), partition })),
};
export const QUIET: Stream = {
  topic: 'quiet',
  everyMs: 300,
  messages: () => some(3, (partition) => ({ value: noise(100), partition })),
};
