// When a backlog will be gone: at constant rates, over a daily pattern, after an outage. Rates in messages a second.
import { quantile } from './statistics.ts';
import type { TrustedSeries } from './trusted-series.ts';

const SECONDS_PER_HOUR = 3600;

/** A backlog that takes longer than a year is as good as never gone. */
const HORIZON_HOURS = 24 * 365;

/**
 * Seconds until the lag is gone at constant rates. Null = never: the consumer must be at least 1 % faster than the
 * producers, because a smaller surplus is within the noise of both rates.
 */
export function drainSeconds(lag: number, consumeMaxPerSec: number, producePerSec: number): number | null {
  if (lag <= 0) return 0;
  return consumeMaxPerSec > 1.01 * producePerSec ? lag / (consumeMaxPerSec - producePerSec) : null;
}

/**
 * The same over the produce rates of the hours to come, repeated as long as needed. An hour in which the producers are
 * faster adds to the lag. Null = not within a year.
 */
export function drainSecondsDiurnal(
  lag: number,
  consumeMaxPerSec: number,
  producePerSecByHour: readonly number[],
): number | null {
  if (lag <= 0) return 0;
  let left = lag;
  for (let hour = 0; hour < HORIZON_HOURS && producePerSecByHour.length > 0; hour++) {
    const surplusPerSec = consumeMaxPerSec - producePerSecByHour[hour % producePerSecByHour.length]!;
    const worked = surplusPerSec * SECONDS_PER_HOUR;
    // Something is left here: an hour in which the producers are faster cannot be the last.
    if (left <= worked) return hour * SECONDS_PER_HOUR + left / surplusPerSec;
    left -= worked;
  }
  return null;
}

export interface CatchUp {
  /** Messages that wait at the end of the outage. */
  backlog: number;
  /** Fastest consume rate over produce rate; null when nothing is produced. */
  catchUpRatio: number | null;
  /** Null = never. */
  recoverySeconds: number | null;
  neededConsumePerSec: number;
  membersNeeded: number;
  /** False: more members than partitions would be needed, so more members alone cannot do it. */
  withinPartitions: boolean;
}

/** Recovery of a group of `members` after it stood still for `outageSeconds`, and the members it takes to recover in the target time. */
export function catchUp(load: {
  producePerSec: number;
  consumeMaxPerSec: number;
  outageSeconds: number;
  members: number;
  partitions: number;
  targetRecoverySeconds: number;
}): CatchUp {
  const { producePerSec, consumeMaxPerSec, members } = load;
  const backlog = producePerSec * load.outageSeconds;
  const neededConsumePerSec = producePerSec + backlog / load.targetRecoverySeconds;
  // A quotient of floats a rounding error above a whole number asks for no further member.
  const membersNeeded = Math.max(0, Math.ceil((members * neededConsumePerSec) / consumeMaxPerSec - 1e-9));
  return {
    backlog,
    catchUpRatio: producePerSec > 0 ? consumeMaxPerSec / producePerSec : null,
    recoverySeconds: drainSeconds(backlog, consumeMaxPerSec, producePerSec),
    neededConsumePerSec,
    membersNeeded,
    withinPartitions: membersNeeded <= load.partitions,
  };
}

export interface ObservedCatchUp {
  /** 95th percentile of what the group read while it lagged: what it can do, or a lower bound of it. */
  consumeMaxPerSec: number;
  produceP95PerSec: number;
  /** The first over the second; null when nothing is produced. */
  catchUpRatio: number | null;
}

/**
 * How fast a group is when it has a backlog to work on, from its lag and what is produced for it: it read what came in, less what the
 * lag grew by. Null when it never lagged, because then its speed was the producers' and shows nothing.
 * @param lag messages, of the same period as `producePerSec`
 * @param allowedLag up to here the group counts as caught up
 */
export function observedCatchUp(
  lag: TrustedSeries,
  producePerSec: TrustedSeries,
  allowedLag: number,
): ObservedCatchUp | null {
  const offset = (lag.startMs - producePerSec.startMs) / (lag.periodSec * 1000);
  const read: number[] = [];
  for (let i = 1; i < lag.values.length; i++) {
    const perSec =
      (producePerSec.values[i + offset] ?? Number.NaN) - (lag.values[i]! - lag.values[i - 1]!) / lag.periodSec;
    // Behind at both ends of the period, so that it had work all the time.
    if (Math.min(lag.values[i - 1]!, lag.values[i]!) > allowedLag && perSec >= 0) read.push(perSec);
  }
  const consumeMaxPerSec = quantile(read, 0.95);
  const produceP95PerSec = quantile(producePerSec.measured, 0.95);
  if (consumeMaxPerSec === null || produceP95PerSec === null) return null;
  return {
    consumeMaxPerSec,
    produceP95PerSec,
    catchUpRatio: produceP95PerSec > 0 ? consumeMaxPerSec / produceP95PerSec : null,
  };
}
