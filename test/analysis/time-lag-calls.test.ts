import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listOffsetsCalls } from '../../lib/analysis/time-lag-calls.ts';

test('by hand: an hour of lag within seven days, to 5 s', () => {
  // 604800 / 5 < 2^17; 1, 2, 4, ... 4096 s; 2048 / 5 < 2^9.
  const shape = { rangeSec: 604_800, resolutionSec: 5, gallopStartSec: 1, trueLagSec: 3600 };
  expect(listOffsetsCalls(shape)).toEqual({ bisection: 17, gallop: 13, bisectionInsideGallop: 9 });
});

test('a lag within the first step, and bounds that are near enough at once', () => {
  expect(listOffsetsCalls({ rangeSec: 4, resolutionSec: 5, gallopStartSec: 10, trueLagSec: 3 })).toEqual({
    bisection: 0,
    gallop: 1,
    bisectionInsideGallop: 1,
  });
});

test('as many as counting finds', () => {
  const seconds = fc.integer({ min: 1, max: 3_000_000 });
  fc.assert(
    fc.property(
      seconds,
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 60 }),
      seconds,
      (range, near, first, lag) => {
        const halve = (width: number) => {
          let calls = 0;
          for (let left = width; left > near; left /= 2) calls++;
          return calls;
        };
        let gallop = 1;
        let [before, age] = [0, first];
        for (; lag > age; gallop++) [before, age] = [age, age * 2];
        expect(
          listOffsetsCalls({ rangeSec: range, resolutionSec: near, gallopStartSec: first, trueLagSec: lag }),
        ).toEqual({ bisection: halve(range), gallop, bisectionInsideGallop: halve(age - before) });
      },
    ),
  );
});
