// Windows by CloudWatch's clock. A machine that is minutes ahead would ask for periods that have not happened, and show them as gaps;
// one that is behind would leave out the newest minutes, which a morning's reader needs most.
import type { MetricBatch } from './plan-batches.ts';

/** Less than one period of the finest metrics, plus what an answer takes to arrive, is no error worth another call. */
const TOLERATED_OFFSET_MS = 60_000;

export function isClockOff(offsetMs: number): boolean {
  return Math.abs(offsetMs) > TOLERATED_OFFSET_MS;
}

/**
 * The batches of the report window moved to end at the server's time. Hours of the history are fixed hours and stay.
 *
 * @param offsetMs the server's clock minus ours
 */
export function atServerTime(batches: readonly MetricBatch[], offsetMs: number): MetricBatch[] {
  // Each period rounds the window's end up: the finest one is nearest to it.
  const plannedEndMs = Math.min(...batches.filter(({ purpose }) => purpose === 'day').map(({ endMs }) => endMs));
  return batches.map((batch) => {
    if (batch.purpose !== 'day') return batch;
    const periodMs = batch.periodSec * 1000;
    const endMs = Math.ceil((plannedEndMs + offsetMs) / periodMs) * periodMs;
    return { ...batch, startMs: endMs - batch.pointsPerQuery * periodMs, endMs };
  });
}

/** One line for the reader of the report. */
export function clockMessage(offsetMs: number): { code: string; value: string } {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const side = offsetMs < 0 ? 'ahead of' : 'behind';
  return {
    code: 'ClockSkew',
    value: `the clock of the collecting machine is ${minutes} min ${side} CloudWatch's; the metrics end at CloudWatch's time`,
  };
}
