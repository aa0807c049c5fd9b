// Series of one value every five minutes over the window, for tests of KPIs.
import { TAKEN_AT_MS } from '../builders/a-snapshot.ts';

export const PERIODS = 288;
export const silent = (seen = 0, value = 0) => Array.from({ length: PERIODS }, (_, i) => (i < seen ? value : null));
/** A value in some periods of the window, another in the rest. */
export const during = (value: number, from: number, to: number, otherwise: number) =>
  Array.from({ length: PERIODS }, (_, i) => (i >= from && i < to ? value : otherwise));
export const inWindow = (period: number) => TAKEN_AT_MS - 24 * 3_600_000 + period * 300_000;
