// What the cluster costs a month at list price, line by line. What cannot be known has no price: it is never zero and never in the total.
import type { Cluster } from '../snapshot/aws-sections.ts';
import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';

/** AWS's own convention for a month of hourly prices. */
export const HOURS_PER_MONTH = 730;

type Prices = SectionValue<'prices'>;

export interface CostLine {
  label: string;
  /** Null = unknown. */
  quantity: number | null;
  unit: string;
  /** Null = unknown; stays out of the total. */
  usdPerUnit: number | null;
  usdPerMonth: number | null;
  /** Exact price key with its source, or why the line has no price. */
  source: string;
}

export interface Cost {
  /** Sum of the known lines; null when none is known. */
  usdPerMonth: number | null;
  /** True when every line is known. */
  complete: boolean;
  lines: readonly CostLine[];
  source: string;
  /** ISO date of the prices; null without prices. */
  asOfDate: string | null;
}

/** A line before it is priced. */
interface Item {
  label: string;
  quantity: number | null;
  unit: string;
  priceKey: string;
  /** Why the quantity is unknown. */
  because?: string;
}

/**
 * First money of a report: brokers by the hour, volumes, provisioned throughput. Taxes, discounts, traffic between zones
 * and everything that depends on usage are not in it; usage-based lines are listed as unknown.
 */
export function monthlyCost(cluster: Collected<Cluster> | undefined, prices: Collected<Prices> | undefined): Cost {
  if (cluster === undefined || !cluster.ok) {
    const detail = cluster === undefined ? 'no MSK cluster was described' : cluster.detail;
    return { usdPerMonth: null, complete: false, lines: [], source: `unknown: ${detail}`, asOfDate: null };
  }
  const lines = items(cluster.value).map((item) => priced(item, prices));
  const known = lines.map((line) => line.usdPerMonth).filter((usd) => usd !== null);
  return {
    usdPerMonth: known.length === 0 ? null : known.reduce((a, b) => a + b, 0),
    complete: known.length === lines.length,
    lines,
    source: priceSource(prices),
    asOfDate: prices?.ok === true ? prices.value.asOfDate : null,
  };
}

function items(cluster: Cluster): Item[] {
  switch (cluster.kind) {
    case 'provisioned-standard':
      return [brokerHours(cluster.instanceType, cluster.brokerCount), ...standardStorage(cluster)];
    case 'provisioned-express':
      return [
        brokerHours(cluster.instanceType, cluster.brokerCount),
        usage('Data written', 'GiB', 'express/data-in', 'billed by the GiB written'),
        usage('Stored data', 'GiB-month', 'express/storage', 'billed by the GiB stored'),
      ];
    case 'serverless':
      return [
        { label: 'Serverless cluster', quantity: HOURS_PER_MONTH, unit: 'hours', priceKey: 'serverless/cluster' },
        usage('Partitions', 'hours', 'serverless/partition', 'billed by the partition and hour'),
        usage('Data written', 'GiB', 'serverless/data-in', 'billed by the GiB written'),
        usage('Data read', 'GiB', 'serverless/data-out', 'billed by the GiB read'),
        usage('Stored data', 'GiB-month', 'serverless/storage', 'billed by the GiB stored'),
      ];
  }
}

function brokerHours(instanceType: string, brokerCount: number): Item {
  return {
    label: `Brokers: ${brokerCount} × ${instanceType}`,
    quantity: brokerCount * HOURS_PER_MONTH,
    unit: 'hours',
    priceKey: `broker/${instanceType}`,
  };
}

function standardStorage(cluster: Extract<Cluster, { kind: 'provisioned-standard' }>): Item[] {
  const { brokerCount, volumeGiBPerBroker: volumeGiB, provisionedThroughputMiBPerSec: throughput } = cluster;
  const storage: Item[] = [
    {
      label: `Volumes: ${brokerCount} × ${volumeGiB ?? 'unknown'} GiB`,
      quantity: volumeGiB === null ? null : brokerCount * volumeGiB,
      unit: 'GiB-month',
      priceKey: 'storage/gp2',
      because: 'the volume size was not in the description of the cluster',
    },
  ];
  if (throughput !== null) {
    storage.push({
      label: `Provisioned storage throughput: ${brokerCount} × ${throughput} MiB/s`,
      quantity: brokerCount * throughput,
      unit: 'MiBps-month',
      priceKey: 'throughput/provisioned',
    });
  }
  if (cluster.storageMode === 'TIERED') {
    storage.push(usage('Tiered storage', 'GiB-month', 'storage/tiered', 'billed by the GiB stored remotely'));
  }
  return storage;
}

function usage(label: string, unit: string, priceKey: string, because: string): Item {
  return { label, quantity: null, unit, priceKey, because: `${because}: not measured in this report` };
}

function priced(item: Item, prices: Collected<Prices> | undefined): CostLine {
  const { label, quantity, unit, priceKey } = item;
  const price =
    prices?.ok === true && Object.hasOwn(prices.value.items, priceKey) ? prices.value.items[priceKey] : null;
  const usdPerUnit = price?.usd ?? null;
  const usdPerMonth = quantity === null || usdPerUnit === null ? null : quantity * usdPerUnit;
  const reasons = [
    quantity === null ? (item.because ?? 'the quantity is unknown') : null,
    price ? `${priceKey}, ${price.source}` : `no price for ${priceKey}`,
  ];
  return { label, quantity, unit, usdPerUnit, usdPerMonth, source: reasons.filter((part) => part !== null).join('; ') };
}

function priceSource(prices: Collected<Prices> | undefined): string {
  if (prices === undefined) return 'no prices were asked for';
  if (!prices.ok) return `no prices: ${prices.detail}`;
  const { source, region, asOfDate } = prices.value;
  const origin = source === 'offline' ? 'the price table shipped with the product' : 'the AWS Price List';
  return `List prices of ${region} from ${origin}, as of ${asOfDate}; without taxes, discounts and data transfer`;
}
