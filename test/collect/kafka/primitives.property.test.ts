import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMemberAssignment } from '../../../lib/collect/kafka/protocol/member-assignment.ts';
import { MalformedAnswerError, Reader } from '../../../lib/collect/kafka/protocol/reader.ts';
import { Writer } from '../../../lib/collect/kafka/protocol/writer.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const int32 = fc.integer({ min: -2147483648, max: 2147483647 });
const offset = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const ids = fc.array(int32, { maxLength: 5 });
const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 4 });
const nullable = <T>(item: fc.Arbitrary<T>) => fc.option(item, { nil: null });

describe('primitives', () => {
  it('come back as written, in both encodings and beyond the first buffer', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        few(nullable(text)),
        offset,
        fc.nat(),
        fc.uint8Array({ maxLength: 3000 }),
        (flex, strings, o, n, b) => {
          const writer = new Writer(flex).nullableArray(strings, (value, w) => w.nullableString(value));
          writer
            .int64(BigInt(o))
            .unsignedVarint(n)
            .nullableBytes(Buffer.from(b))
            .nullableArray(null, () => {})
            .tags();
          const reader = new Reader(writer.finish(), flex);
          expect(reader.nullableArray(1, () => reader.nullableString())).toEqual(strings);
          expect(reader.int64()).toBe(o);
          expect(reader.unsignedVarint()).toBe(n);
          expect(reader.nullableBytes()).toEqual(Buffer.from(b));
          expect(reader.nullableArray(1, () => 0)).toBeNull();
          reader.tags();
          expect(reader.remaining).toBe(0);
        },
      ),
    );
  });

  it('skip tagged fields they do not know', () => {
    const reader = new Reader(Buffer.from('02' + '00' + '02aabb' + '8101' + '00' + '7f', 'hex'), true);
    reader.tags();
    expect(reader.int8()).toBe(0x7f);
  });

  it.each([
    ['an array', '7fffffff'],
    ['a compact array', 'ffffffff0f'],
  ])('refuse %s that claims more items than the answer holds, before allocating', (_name, hex) => {
    const reader = new Reader(Buffer.from(hex + '00'.repeat(100), 'hex'), hex.length === 10);
    expect(() => reader.int32Array()).toThrow(/claims/);
  });
});

describe('a member assignment', () => {
  const write = (assignment: { topic: string; partitions: number[] }[]) => {
    const writer = new Writer().int16(1);
    writer.nullableArray(assignment, ({ topic, partitions }) => {
      writer.nullableString(topic).nullableArray(partitions, (p) => writer.int32(p));
    });
    return writer.nullableBytes(Buffer.from('user data')).finish();
  };

  it('is read whatever user data follows', () => {
    fc.assert(
      fc.property(few(fc.record({ topic: text, partitions: ids })), (a) => {
        expect(readMemberAssignment(write(a))).toEqual(a);
      }),
    );
  });

  it('is empty without bytes, as in a rebalance', () => {
    expect([readMemberAssignment(null), readMemberAssignment(Buffer.alloc(0))]).toEqual([[], []]);
  });

  it.each(['ff', 'ffff00000000', '00017fffffff', '0001000000010009'])('refuses %s', (hex) => {
    expect(() => readMemberAssignment(Buffer.from(hex, 'hex'))).toThrow(MalformedAnswerError);
  });
});
