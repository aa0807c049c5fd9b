// Standard and Express brokers that would carry the same load: every size, number, provisioned throughput and tiering that fits, with
// what binds it and what it costs. In place: a volume never shrinks, a tiered cluster stays tiered, a kind of cluster stays itself.
import { BROKER_SIZES, type BrokerSize, brokerSizeOf } from '../facts/broker-sizes.ts';
import type { Collected } from '../snapshot/collected.ts';
import type { Prices } from '../snapshot/money-sections.ts';
import { costOfItems } from './cost.ts';
import type { CostItem } from './cost-item.ts';
import { brokerHours } from './cost-items.ts';
import { byCost } from './observed-cpu.ts';
import { storedGiB, transferredGiBPerMonth } from './savings.ts';
import {
  type BrokerShape,
  type CurrentBrokers,
  type JudgedShape,
  judgeShape,
  type SizingLimits,
  type SizingLoad,
} from './sizing-constraints.ts';

export interface SizingOption extends JudgedShape {
  usdPerMonth: number;
  savingUsdPerMonth: number;
  /** Settings that change: type, number, provisioned throughput, tiering. */
  changes: readonly ('type' | 'brokers' | 'provisioned-throughput' | 'tiering')[];
}

export interface RightSizing {
  currentUsdPerMonth: number;
  /** Cheapest first; at most three. The current brokers are among them when they are. */
  options: readonly SizingOption[];
  /** How many of those enumerated fit and have a price. */
  feasibleCount: number;
}

/** Null when the current brokers have no price: nothing can then be called cheaper. */
export function rightSizing(
  load: SizingLoad,
  current: CurrentBrokers,
  limits: SizingLimits,
  prices: Collected<Prices> | undefined,
): RightSizing | null {
  const now: BrokerShape = { ...current };
  const currentUsdPerMonth = usdOf(now, load, current, prices);
  if (currentUsdPerMonth === null || brokerSizeOf(current.instanceType) === null) return null;
  const feasible = shapesOf(load, current).flatMap((shape) => {
    const option = smallestFeasible(shape, load, current, limits);
    const usdPerMonth = option === null ? null : usdOf(option, load, current, prices);
    if (option === null || usdPerMonth === null) return [];
    return [
      {
        ...option,
        usdPerMonth,
        savingUsdPerMonth: currentUsdPerMonth - usdPerMonth,
        changes: changesOf(option, current),
      },
    ];
  });
  const ordered = feasible.toSorted((a, b) => byCost(current)(a, b) || a.changes.length - b.changes.length);
  return { currentUsdPerMonth, options: ordered.slice(0, 3), feasibleCount: feasible.length };
}

/** Whether an option may be recommended: enough history, confidence, and a saving worth a rolling restart. Thresholds from the policy. */
export function isWorthwhile(
  option: { savingUsdPerMonth: number; currentUsdPerMonth: number; historyDays: number; confidence: number },
  gate: { minHistoryDays: number; minConfidence: number; minSavingShare: number; minSavingUsdPerMonth: number },
): boolean {
  return (
    option.historyDays >= gate.minHistoryDays &&
    option.confidence >= gate.minConfidence &&
    option.savingUsdPerMonth >= Math.max(gate.minSavingShare * option.currentUsdPerMonth, gate.minSavingUsdPerMonth)
  );
}

/** Sizes with the ways their storage can be set; the number of brokers is found for each. Burstable brokers are no target. */
function shapesOf(load: SizingLoad, current: CurrentBrokers): Omit<BrokerShape, 'brokers' | 'volumeGiB'>[] {
  const isExpress = current.instanceType.startsWith('express.');
  const tierings = [...new Set([current.isTiered, current.isTiered || (!isExpress && load.localHours !== null)])];
  return Object.entries(BROKER_SIZES).flatMap(([instanceType, size]) => {
    if (instanceType.startsWith('express.') !== isExpress || !isReachable(instanceType, current)) return [];
    const storage = isExpress ? [null] : [null, ...provisionedSteps(size)];
    return storage.flatMap((provisionedMiBPerSec) =>
      tierings.map((isTiered) => ({ instanceType, provisionedMiBPerSec, isTiered })),
    );
  });
}

/** MSK moves no broker to t3, and m7g needs a Kafka that runs on it. */
function isReachable(instanceType: string, current: CurrentBrokers): boolean {
  if (instanceType === current.instanceType) return true;
  if (instanceType.startsWith('kafka.t3.')) return false;
  return current.canRunGraviton || !instanceType.startsWith('kafka.m7g.');
}

function provisionedSteps({ maxProvisionedMiBPerSec: max }: BrokerSize): number[] {
  if (max === null) return [];
  const steps = Array.from({ length: Math.floor((max - 250) / 50) }, (_, i) => 300 + 50 * i);
  return [...new Set([...steps, max])];
}

/** Each further broker costs more and loosens every constraint: the first number that fits is the cheapest. */
function smallestFeasible(
  shape: Omit<BrokerShape, 'brokers' | 'volumeGiB'>,
  load: SizingLoad,
  current: CurrentBrokers,
  limits: SizingLimits,
): JudgedShape | null {
  const least = Math.max(load.rf, load.azs, current.canRemoveBrokers ? 0 : current.brokers);
  const first = Math.ceil(least / load.azs) * load.azs;
  for (let brokers = first; brokers <= limits.maxBrokers; brokers += load.azs) {
    const judged = judgeShape(
      { ...shape, brokers, volumeGiB: volumeOf(shape, brokers, load, current, limits) },
      load,
      current,
      limits,
    );
    if (judged.constraints.every(({ value, limit }) => value <= limit)) return judged;
  }
  return null;
}

/** Never smaller than now; as large as the target wants when fewer brokers hold the same. */
function volumeOf(
  { isTiered }: Pick<BrokerShape, 'isTiered'>,
  brokers: number,
  load: SizingLoad,
  current: CurrentBrokers,
  { diskTarget }: SizingLimits,
): number | null {
  if (current.volumeGiB === null) return null;
  const becomesTiered = isTiered && !current.isTiered && load.localHours !== null && load.retentionHours > 0;
  const localShare = becomesTiered ? Math.min(1, load.localHours! / load.retentionHours) : 1;
  return Math.max(current.volumeGiB, Math.ceil((load.storedGiB * localShare) / brokers / diskTarget));
}

/** List price of what differs between options; null when a part has none. */
function usdOf(
  shape: BrokerShape,
  load: SizingLoad,
  current: CurrentBrokers,
  prices: Collected<Prices> | undefined,
): number | null {
  const { brokers, volumeGiB, provisionedMiBPerSec: provisioned } = shape;
  const item = (quantity: number, unit: string, priceKey: string): CostItem => ({
    label: priceKey,
    quantity,
    unit,
    priceKeys: [priceKey],
  });
  const isExpress = shape.instanceType.startsWith('express.');
  const cost = costOfItems(
    [
      brokerHours({ instanceType: shape.instanceType, brokerCount: brokers, metadataMode: current.metadataMode }),
      ...(volumeGiB === null ? [] : [item(brokers * volumeGiB, 'GiB-month', 'storage/gp2')]),
      ...(provisioned === null ? [] : [item(brokers * provisioned, 'MiBps-month', 'throughput/provisioned')]),
      ...(shape.isTiered
        ? [item(storedGiB(load.avgInMiBPerSec, load.retentionHours, 1), 'GiB-month', 'storage/tiered')]
        : []),
      ...(isExpress
        ? [
            item(transferredGiBPerMonth(load.avgInMiBPerSec), 'GiB', 'express/data-in'),
            item(load.storedGiB, 'GiB-month', 'express/storage'),
          ]
        : []),
    ],
    prices,
  );
  return cost.complete ? cost.usdPerMonth : null;
}

function changesOf(option: BrokerShape, current: CurrentBrokers): SizingOption['changes'] {
  return [
    ...(option.instanceType === current.instanceType ? [] : ['type' as const]),
    ...(option.brokers === current.brokers ? [] : ['brokers' as const]),
    ...(option.provisionedMiBPerSec === current.provisionedMiBPerSec ? [] : ['provisioned-throughput' as const]),
    ...(option.isTiered === current.isTiered ? [] : ['tiering' as const]),
  ];
}
