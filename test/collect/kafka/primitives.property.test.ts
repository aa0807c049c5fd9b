import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Int64Column } from '../../../lib/collect/kafka/protocol/int64-column.ts';
import { readMemberAssignment } from '../../../lib/collect/kafka/protocol/member-assignment.ts';
import { readMemberRack } from '../../../lib/collect/kafka/protocol/member-subscription.ts';
import { MalformedAnswerError, Reader } from '../../../lib/collect/kafka/protocol/reader.ts';
import { Writer } from '../../../lib/collect/kafka/protocol/writer.ts';
import { few, ids, int64, nullable, text } from './codec-case.ts';

describe('primitives', () => {
  it('come back as written, in both encodings and beyond the first buffer', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        few(nullable(text)),
        int64,
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

  it('are passed over as far as they reach', () => {
    fc.assert(
      fc.property(fc.boolean(), nullable(text), few(nullable(text)), (flex, string, strings) => {
        const writer = new Writer(flex).nullableString(string);
        writer.nullableArray(strings, (value) => writer.nullableString(value));
        const reader = new Reader(writer.raw(Buffer.alloc(16)).finish(), flex);
        reader.skipString();
        reader.skipStrings();
        reader.skipUuid();
        expect(reader.remaining).toBe(0);
      }),
    );
  });

  it('hold each int64 exactly in a column, and as a number that is a safe integer', () => {
    fc.assert(
      fc.property(fc.array(int64, { minLength: 1, maxLength: 20 }), (values) => {
        const written = values.reduce((writer, value) => writer.int64(BigInt(value)), new Writer()).finish();
        const column = Int64Column.ofSize(values.length + 1);
        values.forEach((_value, position) => {
          column.set(position, written.readInt32BE(8 * position), written.readInt32BE(8 * position + 4));
        });
        const kept = column.first(values.length);
        expect(values.map((_value, position) => kept.textAt(position))).toEqual(values);
        expect(values.map((_value, position) => kept.isNegative(position))).toEqual(
          values.map((v) => v.startsWith('-')),
        );
        const reader = new Reader(written);
        const cutOff = (value: number) => Math.max(-Number.MAX_SAFE_INTEGER, Math.min(value, Number.MAX_SAFE_INTEGER));
        expect(values.map(() => reader.int64AsNumber())).toEqual(values.map((value) => cutOff(Number(value))));
      }),
    );
  });

  it('tell a struct that is null from one that is there', () => {
    const reader = new Reader(Buffer.from('ff' + '0107', 'hex'));
    const read = () => reader.nullableStruct(() => reader.int8());
    expect([read(), read(), reader.remaining]).toEqual([null, 7, 0]);
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

describe('the rack of a member', () => {
  const subscription = (version: number, rack: string | null, owned = [{ topic: 't', partitions: [1, 2] }]) => {
    const writer = new Writer().int16(version);
    writer.nullableArray(['t', 'u'], (topic) => writer.nullableString(topic)).nullableBytes(Buffer.from('user data'));
    if (version >= 1)
      writer.nullableArray(owned, ({ topic, partitions }) => {
        writer.nullableString(topic).nullableArray(partitions, (partition) => writer.int32(partition));
      });
    if (version >= 2) writer.int32(8);
    if (version >= 3) writer.nullableString(rack);
    return writer.finish();
  };

  it('is read from subscriptions that carry one, also of later versions with more behind it', () => {
    expect(readMemberRack(subscription(3, 'euw1-az1'))).toBe('euw1-az1');
    expect(readMemberRack(Buffer.concat([subscription(4, 'euw1-az2', []), Buffer.from('more')]))).toBe('euw1-az2');
  });

  it('is null where there is none, or no version that has one', () => {
    expect([0, 1, 2].map((version) => readMemberRack(subscription(version, 'x')))).toEqual([null, null, null]);
    expect([readMemberRack(subscription(3, null)), readMemberRack(null), readMemberRack(Buffer.alloc(0))]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('never throws, whatever a client wrote', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.uint8Array({ maxLength: 60 }), (place, noise) => {
        const bytes = subscription(3, 'az');
        bytes.set(noise.subarray(0, Math.max(0, bytes.length - place)), Math.min(place, bytes.length));
        for (const given of [bytes, bytes.subarray(0, place), Buffer.from(noise)]) {
          const rack = readMemberRack(given);
          expect(rack === null || typeof rack === 'string').toBe(true);
        }
      }),
    );
  });
});
