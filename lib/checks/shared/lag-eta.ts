// What becomes of a lag at present rates: when it is gone, when it is older than it may be, when it is deleted unread.
import type { PartitionStatus } from '../../analysis/consumer-status.ts';
import { drainSeconds } from '../../analysis/lag-forecast.ts';
import { deletesByRetention, retentionHeadroom } from '../../analysis/retention.ts';
import { curveOf } from '../../policy/kpi-curves.ts';
import { forName } from '../../policy/pattern.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { EvidenceColumn, RunContext } from '../check.ts';

export interface LagTargets {
  goodSec: number;
  badSec: number;
}

/** How late a group may be: what the policy says of it, else the good and the bad point of the KPI of time lag. */
export function lagTargets({ objectives, environment, goal, lag }: RunContext, groupId: string): LagTargets {
  const { maxTimeLagSec, batchEveryHours } = forName(objectives.groups, groupId) ?? {};
  if (maxTimeLagSec !== undefined)
    return { goodSec: Math.min(lag.allowedSeconds, maxTimeLagSec), badSec: maxTimeLagSec };
  // A job that runs every six hours is up to six hours late by design.
  if (batchEveryHours !== undefined) return { goodSec: batchEveryHours * 3600, badSec: batchEveryHours * 3600 };
  const curve = curveOf('K16', environment, goal);
  const badSec = curve?.kind === 'log-normal' ? curve.bad : lag.allowedSeconds;
  return { goodSec: lag.allowedSeconds, badSec: Math.max(lag.allowedSeconds, badSec) };
}

export const ETA_COLUMNS: readonly EvidenceColumn[] = [
  { key: 'drainSec', label: 'Caught up in', as: 'durationSec' },
  { key: 'breachSec', label: 'Over target in', as: 'durationSec' },
  { key: 'lossSec', label: 'Deleted unread in', as: 'durationSec' },
];

export interface Etas {
  /** Null: never, or a rate is unknown; so are the others. */
  drainSec: number | null;
  /** 0: it is already. */
  breachSec: number | null;
  lossSec: number | null;
}

/** Of one partition at its present rates; none of a group that was just reset, whose speed is not known yet. */
export function etasOf(
  row: PartitionStatus,
  targetSec: number,
  configs: Collected<SectionValue<'kafkaTopicConfigs'>>,
): Etas {
  if (row.status === 'REWIND') return { drainSec: null, breachSec: null, lossSec: null };
  return { drainSec: drainSec(row), breachSec: breachSec(row, targetSec), lossSec: lossSec(row, configs) };
}

function drainSec({ lag, consumeRatePerSec, produceRatePerSec }: PartitionStatus): number | null {
  if (lag === null || consumeRatePerSec === null || produceRatePerSec === null) return null;
  return drainSeconds(lag, consumeRatePerSec, produceRatePerSec);
}

/** A lag is as old as the producers took for it. */
function breachSec({ lag, produceRatePerSec, lagSlopePerSec }: PartitionStatus, targetSec: number): number | null {
  if (lag === null || produceRatePerSec === null || produceRatePerSec <= 0) return null;
  const left = targetSec * produceRatePerSec - lag;
  if (left <= 0) return 0;
  return lagSlopePerSec !== null && lagSlopePerSec > 0 ? left / lagSlopePerSec : null;
}

function lossSec(row: PartitionStatus, configs: Collected<SectionValue<'kafkaTopicConfigs'>>): number | null {
  const { start, end, committed, produceRatePerSec, consumeRatePerSec } = row;
  if (start === null || end === null || committed === null) return null;
  // Nothing was deleted from a log that starts at 0 yet, and nothing ever is without a retention.
  if (start === 0 || deletesByRetention(configs.ok ? configs.value : null, row.topic) === false) return null;
  return retentionHeadroom({
    start,
    end,
    committed,
    startAdvancePerSec: produceRatePerSec,
    consumePerSec: consumeRatePerSec,
  }).secondsToLoss;
}

/** The soonest of several; null when none comes. */
export function soonest(seconds: readonly (number | null)[]): number | null {
  const known = seconds.filter((each) => each !== null);
  return known.length === 0 ? null : Math.min(...known);
}

interface Rates {
  lag: number | null;
  producePerSec: number | null;
  consumePerSec: number | null;
  drainSec: number | null;
}

/** Of several partitions together; what is unknown of one, or of none at all, is unknown of all. */
export function ratesOf(rows: readonly PartitionStatus[]): Rates {
  const lag = total(rows.map((row) => row.lag));
  const producePerSec = total(rows.map((row) => row.produceRatePerSec));
  const consumePerSec = total(rows.map((row) => row.consumeRatePerSec));
  const known = lag !== null && producePerSec !== null && consumePerSec !== null;
  return {
    lag,
    producePerSec,
    consumePerSec,
    drainSec: known ? drainSeconds(lag, consumePerSec, producePerSec) : null,
  };
}

function total(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 || known.length < values.length ? null : known.reduce((a, b) => a + b, 0);
}

/** Where a group's lag on a topic lies: the share of it on the heaviest `topSharePercent` of the partitions, rounded down. */
interface Concentration {
  heavy: readonly PartitionStatus[];
  /** 0..100. */
  sharePercent: number;
}

/** Null where so small a share is no whole partition, or there is no lag. */
export function concentrationOf(rows: readonly PartitionStatus[], topSharePercent: number): Concentration | null {
  const count = Math.floor((rows.length * topSharePercent) / 100);
  const all = rows.reduce((sum, { lag }) => sum + (lag ?? 0), 0);
  if (count === 0 || all === 0) return null;
  const heavy = [...rows].sort((a, b) => (b.lag ?? 0) - (a.lag ?? 0)).slice(0, count);
  return { heavy, sharePercent: (100 * heavy.reduce((sum, { lag }) => sum + (lag ?? 0), 0)) / all };
}
