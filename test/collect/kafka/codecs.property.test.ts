import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAnswer } from '../../../lib/collect/kafka/protocol/api.ts';
import { MalformedAnswerError } from '../../../lib/collect/kafka/protocol/reader.ts';
import { THROTTLE_MS } from './answer-writers.ts';
import { CASES } from './codec-cases.ts';

describe.each(CASES)('$name v$version', ({ api, version, answer, comparable }) => {
  it('reads what a broker wrote', () => {
    fc.assert(
      fc.property(answer, ([written, value]) => {
        const { answer: read, throttleMs } = decodeAnswer(api, version, written);
        expect(comparable(read)).toEqual(value);
        expect(throttleMs).toBe(api.withoutThrottle ? 0 : THROTTLE_MS);
      }),
    );
  });

  it('refuses an answer cut short anywhere, and one with bytes behind it', () => {
    fc.assert(
      fc.property(answer, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), ([written], share) => {
        const cut = written.subarray(0, Math.floor(written.length * share));
        expect(() => decodeAnswer(api, version, cut)).toThrow(MalformedAnswerError);
        expect(() => decodeAnswer(api, version, Buffer.concat([written, Buffer.of(0)]))).toThrow(MalformedAnswerError);
      }),
    );
  });

  it('ends with an answer or with a MalformedAnswerError whatever is broken in it', () => {
    fc.assert(
      fc.property(answer, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 20 }), ([written], place, noise) => {
        const broken = Buffer.from(written);
        broken.set(noise.subarray(0, broken.length), place % Math.max(1, broken.length - noise.length));
        for (const bytes of [broken, Buffer.from(noise)]) {
          try {
            decodeAnswer(api, version, bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedAnswerError);
          }
        }
      }),
    );
  });
});
