// Brokers that stopped to publish metrics while others went on: the nearest thing to "the broker is down" that MSK shows.
import { maxByTimestamp } from './series.ts';
import type { TrustedSeries } from './trusted-series.ts';

export interface Silence {
  brokerId: string;
  startMs: number;
  /** End of the last silent period. */
  endMs: number;
  minutes: number;
  /** No point since. */
  isOpen: boolean;
  /** No point before. */
  isLeading: boolean;
}

/**
 * Stretches in which a broker had no point and another had, longest first. Where nobody had one CloudWatch was silent, or the time is
 * masked: that begins and ends nothing.
 * @param expected ids of the brokers that should publish
 * @param all series of one metric by broker id
 */
export function silences(
  all: ReadonlyMap<string, TrustedSeries>,
  expected: readonly string[],
  minMinutes: number,
): Silence[] {
  const anybody = maxByTimestamp([...all.values()]);
  const { values, periodSec } = anybody;
  return expected
    .flatMap((brokerId) => {
      const own = all.get(brokerId);
      const shift = own === undefined ? 0 : (anybody.startMs - own.startMs) / (periodSec * 1000);
      const isHeard = (row: number) => !Number.isNaN(own?.values[row + shift] ?? Number.NaN);
      const silent = stretches(values.length, (row) => !Number.isNaN(values[row]!) && !isHeard(row));
      if (silent.length === 0) return [];
      const heard = Array.from(values.keys(), isHeard);
      const [first, last] = [heard.indexOf(true), heard.lastIndexOf(true)];
      return silent.map(
        ([from, to]): Silence => ({
          brokerId,
          startMs: anybody.timeOf(from),
          endMs: anybody.timeOf(to),
          minutes: ((to - from) * periodSec) / 60,
          isOpen: last < from,
          isLeading: first < 0 || first > from,
        }),
      );
    })
    .filter(({ minutes }) => minutes >= minMinutes)
    .sort((a, b) => b.minutes - a.minutes);
}

/** From and to (not included) of each unbroken run of rows that hold. */
function stretches(length: number, holds: (row: number) => boolean): [number, number][] {
  const found: [number, number][] = [];
  for (let from = 0; from < length; from++) {
    let to = from;
    while (to < length && holds(to)) to++;
    if (to > from) found.push([from, to]);
    from = to;
  }
  return found;
}
