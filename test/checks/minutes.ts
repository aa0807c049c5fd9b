// Series of a 24-hour window, written as what was different when.
export const MINUTES_OF_DAY = 24 * 60;
export const PERIODS_OF_DAY = 24 * 12;

/** `value` in the periods from..to-1, `otherwise` in all others. */
export function during(from: number, to: number, value: number, otherwise = 0, periods = MINUTES_OF_DAY): number[] {
  return Array.from({ length: periods }, (_, i) => (i >= from && i < to ? value : otherwise));
}

/** The same in five-minute periods. */
export function during5(from: number, to: number, value: number, otherwise = 0): number[] {
  return during(from, to, value, otherwise, PERIODS_OF_DAY);
}

/** Only the first `share` of the points are there. */
export function onlyFirst(values: readonly number[], share: number): (number | null)[] {
  return values.map((value, i) => (i < values.length * share ? value : null));
}

/** Only the last `share` of the points are there. */
export function onlyLast(values: readonly number[], share: number): (number | null)[] {
  return values.map((value, i) => (i >= values.length * (1 - share) ? value : null));
}

/** Breaks off so many points before the window ends. */
export function without(values: readonly number[], last: number): (number | null)[] {
  return values.map((value, i) => (i < values.length - last ? value : null));
}
