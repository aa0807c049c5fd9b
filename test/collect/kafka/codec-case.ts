// What the tests of codecs share: one case for each API and version, and the parts of arbitrary answers.
import fc from 'fast-check';
import type { Api } from '../../../lib/collect/kafka/protocol/api.ts';
import type { CommittedOffsets } from '../../../lib/collect/kafka/protocol/committed-offsets.ts';

export interface CodecCase {
  name: string;
  api: Api<never, unknown>;
  version: number;
  /** The broker's bytes and what must be read from them. */
  answer: fc.Arbitrary<[Buffer, unknown]>;
  /** What was read, in a form that can be compared. */
  comparable: (read: unknown) => unknown;
}

export const text = fc.string({ unit: 'grapheme', maxLength: 20 });
export const int32 = fc.integer({ min: -2147483648, max: 2147483647 });
export const errorCode = fc.integer({ min: -1, max: 140 });
export const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
export const count = fc.maxSafeNat();
export const ids = fc.array(int32, { maxLength: 5 });
export const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 4 });
export const nullable = <T>(item: fc.Arbitrary<T>) => fc.option(item, { nil: null });

/** One case for each version of an API. `expected` gives what is left of the answer in that version. */
export function casesOf<Given, Answer>(
  api: Api<never, Answer>,
  given: fc.Arbitrary<Given>,
  write: (version: number, given: Given) => Buffer,
  expected: (version: number, given: Given) => unknown = (_version, whole) => whole,
  comparable: (read: Answer) => unknown = (read) => read,
): CodecCase[] {
  return api.versions.map((version) => ({
    name: api.name,
    api,
    version,
    answer: given.map((one): [Buffer, unknown] => [write(version, one), expected(version, one)]),
    comparable: comparable as CodecCase['comparable'],
  }));
}

/** What columns hold, as objects. */
export function objectsOf(committed: CommittedOffsets) {
  return committed.groups.map((group) => ({
    groupId: group.groupId,
    errorCode: group.errorCode,
    topics: committed.topicsOf(group).map(({ topic, from, to }) => ({
      topic,
      partitions: Array.from({ length: to - from }, (_, index) => ({
        partition: committed.partitionAt(from + index),
        offset: committed.offsetAt(from + index),
        errorCode: committed.errorAt(from + index),
      })),
    })),
  }));
}
