// When the cluster was being changed: minutes in which availability, ISR and latency say nothing about its health.
import type { MaskedInterval, RunContext } from '../checks/check.ts';
import { isHealing, isOperationOver } from '../facts/cluster-operations.ts';
import type { Cluster } from '../snapshot/aws-sections.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import type { TrustedSeries } from './trusted-series.ts';

type Operations = SectionValue<'operations'>;

/** Brokers leave and rejoin the ISR somewhat before and after the times that MSK reports. */
const MARGIN_MS = 15 * 60_000;

/**
 * States in which MSK itself restarts brokers. HEALING is not one, nor is an operation that heals: a broker that MSK must heal is trouble,
 * not maintenance.
 */
const MAINTENANCE_STATES: readonly string[] = ['MAINTENANCE', 'UPDATING', 'REBOOTING_BROKER'];

/**
 * Masked intervals, oldest first, not merged: each names its cause.
 * Null for a section that was not read. `takenAtMs` ends what still runs.
 */
export function maintenanceIntervals(
  operations: Operations | null,
  cluster: Cluster | null,
  takenAtMs: number,
): MaskedInterval[] {
  const intervals = (operations ?? []).flatMap((operation): MaskedInterval[] => {
    const startMs = operation.startMs ?? operation.endMs;
    const endMs = operation.endMs ?? (isRunning(operation) ? takenAtMs : operation.startMs);
    if (startMs === null || endMs === null || isHealing(operation.type)) return [];
    return [mask(startMs, endMs, `cluster operation ${operation.type} (${operation.state})`)];
  });
  const stateUnexplained =
    cluster !== null && MAINTENANCE_STATES.includes(cluster.state) && !(operations ?? []).some(isRunning);
  if (stateUnexplained) intervals.push(mask(takenAtMs, takenAtMs, `cluster state ${cluster.state}`));
  return intervals.sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
}

/** True while MSK refuses updates: an operation runs, or the state is anything but ACTIVE. False when nothing is known (no MSK cluster). */
export function isOperationRunning(operations: Operations | null, cluster: Cluster | null): boolean {
  if (cluster !== null && (cluster.state !== 'ACTIVE' || cluster.activeOperationArn !== null)) return true;
  return (operations ?? []).some(isRunning);
}

/** True when the moment lies inside a masked interval. */
export function isMasked(maintenance: readonly MaskedInterval[], atMs: number): boolean {
  return maintenance.some((interval) => interval.startMs <= atMs && atMs <= interval.endMs);
}

/**
 * True when an operation runs and may be all there is to what is wrong now. False where it was wrong at the last point before the mask
 * already: only masked minutes are excused. @param before the series without its masked points
 */
export function beganWithOperation(
  { maintenance, takenAtMs }: Pick<RunContext, 'maintenance' | 'takenAtMs'>,
  before: TrustedSeries | null,
  isWrong: (value: number) => boolean,
): boolean {
  return isMasked(maintenance, takenAtMs) && !(before?.latest && isWrong(before.latest.value));
}

function isRunning(operation: Operations[number]): boolean {
  return operation.endMs === null && !isOperationOver(operation.state);
}

function mask(startMs: number, endMs: number, because: string): MaskedInterval {
  return { startMs: startMs - MARGIN_MS, endMs: endMs + MARGIN_MS, because };
}
