// An answer may lie about every length in it. It is refused before anything of that length is made.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Api, decodeAnswer } from '../../../lib/collect/kafka/protocol/api.ts';
import { MalformedAnswerError } from '../../../lib/collect/kafka/protocol/reader.ts';
import { streamsGroupDescribe } from '../../../lib/collect/kafka/protocol/streams-group-describe.ts';
import { Writer } from '../../../lib/collect/kafka/protocol/writer.ts';
import { type LengthField, lengthFieldsOf } from './answer-writer.ts';
import { CASES } from './codec-cases.ts';
import { streamsGroupDescribeAnswer } from './group-answer-writers.ts';

/** The largest length each encoding can claim: 4 GiB where it is compact. */
const LARGEST = { compact: 'ffffffff0f', array: '7fffffff', bytes: '7fffffff', string: '7fff' };
const SENT = 20_000;
/** An object takes some fifty bytes, and the smallest items two or three. */
const MOST_BYTES_PER_BYTE = 100;
/** Compact lengths of 5 bytes with more bits than there are, and of 6 bytes. */
const IMPOSSIBLE = ['ffffffff7f', 'ffffffffff01'];

/** The largest of many answers: one with something in each of its arrays. */
function richAnswer(answer: fc.Arbitrary<[Buffer, unknown]>): Buffer {
  const written = fc.sample(answer, { numRuns: 200, seed: 4 }).map(([bytes]) => bytes);
  return written.reduce((largest, bytes) => (bytes.length > largest.length ? bytes : largest));
}

function compactSize(answer: Buffer, at: number): number {
  let size = 1;
  while (answer.readUInt8(at + size - 1) > 0x7f) size++;
  return size;
}

function withLength(answer: Buffer, { at, kind, flexible }: LengthField, hex: string): Buffer {
  const size = flexible ? compactSize(answer, at) : kind === 'string' ? 2 : 4;
  return Buffer.concat([answer.subarray(0, at), Buffer.from(hex, 'hex'), answer.subarray(at + size)]);
}

function lengthOf(items: number, { flexible }: LengthField): Buffer {
  const writer = new Writer(flexible);
  return (flexible ? writer.unsignedVarint(items + 1) : writer.int32(items)).finish();
}

/** Bytes that decoding took, less what the garbage collector gave back meanwhile; nothing else runs. */
function allocatedBy(api: Api<never, unknown>, version: number, answer: Buffer): number {
  const before = process.memoryUsage();
  try {
    decodeAnswer(api, version, answer);
  } catch (error) {
    if (!(error instanceof MalformedAnswerError)) throw error;
  }
  const after = process.memoryUsage();
  return after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
}

it('refuses tasks of a Streams group that name more topics than the answer has bytes', () => {
  const topics = Array.from({ length: 1000 }, (_, index) => `t${index}`);
  const member = { memberId: 'm', instanceId: null, rack: null, clientId: 'c', host: 'h' };
  const group = { errorCode: 0, groupId: 'g', state: 'Stable', assignor: '' };
  /** Each member's one task is of the subtopology that reads all topics. */
  const answerOf = (members: number) => {
    const assignment = [{ topic: 'all', partitions: [0] }];
    const given = [{ ...group, members: Array.from({ length: members }, () => ({ ...member, assignment })) }];
    return streamsGroupDescribeAnswer(given, new Map([['all', topics]]));
  };
  expect(decodeAnswer(streamsGroupDescribe, 0, answerOf(5)).answer[0]?.members[4]?.assignment).toHaveLength(1000);
  expect(() => decodeAnswer(streamsGroupDescribe, 0, answerOf(500))).toThrow(/too many topics/);
});

describe.each(CASES)('$name v$version', ({ api, version, answer }) => {
  const rich = richAnswer(answer);
  const fields = lengthFieldsOf(rich);

  it('refuses the largest claim in the place of each length', () => {
    expect(fields.length).toBeGreaterThan(0);
    for (const field of fields) {
      const claims = field.flexible ? [LARGEST.compact, ...IMPOSSIBLE] : [LARGEST[field.kind]];
      for (const claim of claims) {
        const lie = withLength(rich, field, claim);
        expect(() => decodeAnswer(api, version, lie), `${claim} at ${field.at}`).toThrow(MalformedAnswerError);
      }
    }
  });

  it('refuses an answer that ends at any byte before its last', () => {
    for (let size = 0; size < rich.length; size++)
      expect(() => decodeAnswer(api, version, rich.subarray(0, size)), `at ${size}`).toThrow(MalformedAnswerError);
  });

  it('makes objects of what was sent alone, however small the items and many the claims', () => {
    const claims = fields
      .filter(({ kind }) => kind === 'array')
      .flatMap((field) => [1, 2, 4, 8, 16, 32].map((itemBytes) => ({ field, items: Math.floor(SENT / itemBytes) })));
    for (const { field, items } of claims) {
      // In a compact encoding these are the smallest items and lengths: null, empty, and of one.
      for (const filling of field.flexible ? [0, 1, 2] : [0]) {
        const lie = Buffer.concat([rich.subarray(0, field.at), lengthOf(items, field), Buffer.alloc(SENT, filling)]);
        expect(allocatedBy(api, version, lie)).toBeLessThan(SENT * MOST_BYTES_PER_BYTE);
      }
    }
  });
});
