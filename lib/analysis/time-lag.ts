// How old the next record of a consumer is, from a table of log end offsets over time.
import { distance, type Offset } from './offsets.ts';
import type { OffsetPoint } from './produce-rates.ts';

export interface TimeLag {
  lagSec: number;
  /** `extrapolated`: the offset lies outside the table, so the age rests on a constant produce rate. */
  kind: 'caught-up' | 'interpolated' | 'extrapolated';
  /** When the record at the committed offset was produced, by the table. */
  producedAtMs: number;
}

/**
 * Interpolates when the record at `committed` was produced (the method of seglo/kafka-lag-exporter): the two newest looks around
 * the offset give a line of offset over time. A stretch without produce gives none: its last look begins the next line, because the
 * record at the offset came after it. Outside the table the line from the oldest to the newest look is used. Null when the table
 * cannot tell: no look, or nothing was produced.
 * @param points log end offsets, oldest first; what is not later than the point before it is left out
 */
export function timeLagByInterpolation(
  points: readonly OffsetPoint[],
  committed: Offset,
  nowMs: number,
): TimeLag | null {
  const looks = looksOf(points);
  const first = looks[0];
  const last = looks.at(-1);
  if (first === undefined || last === undefined) return null;
  if (committed >= last.offset) return { lagSec: 0, kind: 'caught-up', producedAtMs: nowMs };
  // Below the last one, and the looks rise: the one after it lies beyond.
  const at = looks.findLastIndex(({ offset }) => offset <= committed);
  const [from, to] = at >= 0 ? [looks[at]!, looks[at + 1]!] : [first, last];
  if (to.offset <= from.offset) return null;
  const msPerMessage = (to.atMs - from.atMs) / distance(to.offset, from.offset);
  const producedAtMs = from.atMs + distance(committed, from.offset) * msPerMessage;
  return {
    lagSec: Math.max(0, (nowMs - producedAtMs) / 1000),
    kind: at >= 0 ? 'interpolated' : 'extrapolated',
    producedAtMs,
  };
}

/** The looks at the log as it is now: where its end fell, it was cut or the topic created anew, and what was seen before says nothing. */
function looksOf(points: readonly OffsetPoint[]): OffsetPoint[] {
  const looks: OffsetPoint[] = [];
  for (const point of points) {
    const last = looks.at(-1);
    if (last !== undefined && point.atMs <= last.atMs) continue;
    if (last !== undefined && point.offset < last.offset) looks.length = 0;
    looks.push(point);
  }
  return looks;
}
