/**
 * How the past of a metric looks that nobody recorded:
 * - `daily`: a working day's curve below the live value, quieter at the weekend; `daily-idle`: what such a curve leaves of 100 %;
 * - `steady`: the live value with a little noise; `constant`: the live value; `none`: zero, a past without trouble;
 * - `growing`: a slow rise that ends at the live value.
 */
export type History = 'daily' | 'daily-idle' | 'steady' | 'constant' | 'none' | 'growing';

const MINUTES_PER_DAY = 1_440;
const GROWTH_PER_DAY = 0.004;
const NIGHT = 0.45;
const WEEKEND = 0.8;
const NOISE = 0.06;

/** A point of the composed past: the same seed gives the same point, never above `base` by more than half the noise. */
export function composedValue(
  history: History,
  base: number,
  minute: number,
  seed: number,
  liveFromMinute: number,
): number {
  switch (history) {
    case 'none':
      return 0;
    case 'constant':
      return base;
    case 'growing':
      return base * Math.max(0, 1 - (GROWTH_PER_DAY * (liveFromMinute - minute)) / MINUTES_PER_DAY);
    case 'steady':
      return base * noise(seed, minute);
    case 'daily':
      return base * dayShape(minute) * noise(seed, minute);
    case 'daily-idle':
      return 100 - (100 - base) * dayShape(minute);
  }
}

/** FNV-1a. */
export function seedOf(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** 1 at 14:00 UTC of a working day, least at 02:00. */
function dayShape(minute: number): number {
  const ofDay = (minute % MINUTES_PER_DAY) / MINUTES_PER_DAY;
  const wave = (1 + Math.cos(2 * Math.PI * (ofDay - 14 / 24))) / 2;
  // Day 0 of the epoch was a Thursday.
  const weekday = (Math.floor(minute / MINUTES_PER_DAY) + 4) % 7;
  return (NIGHT + (1 - NIGHT) * wave) * (weekday === 0 || weekday === 6 ? WEEKEND : 1);
}

function noise(seed: number, minute: number): number {
  let value = Math.imul(seed ^ Math.imul(minute, 0x9e3779b1), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  const unit = ((value ^ (value >>> 16)) >>> 0) / 2 ** 32;
  return 1 + (unit - 0.5) * NOISE;
}
