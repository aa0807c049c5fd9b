// Series of one value a minute over the window, for tests of KPIs.
import { TAKEN_AT_MS } from '../builders/a-snapshot.ts';

export const MINUTES = 1440;
export const constant = (value: number | null) => Array.from({ length: MINUTES }, () => value);
/** A value in the given minutes of the window, 0 in the others. */
export const during = (value: number, from: number, to: number) =>
  constant(0).map((zero, i) => (i >= from && i < to ? value : zero));
/** A value in the last minutes of the window alone. */
export const lastOf = (value: number, minutes: number) =>
  constant(value).map((one, i) => (i < MINUTES - minutes ? null : one));
/** Zeros that break off so many minutes before the window ends. */
export const breaksOff = (minutes: number) => constant(0).map((zero, i) => (i < MINUTES - minutes ? zero : null));
export const hourAgo = TAKEN_AT_MS - 3_600_000;
