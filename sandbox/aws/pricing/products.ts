// Products as the Price List gives them (aws_v1): what the sandbox's region costs by the dated table of the product, and around it what
// the real list also holds and nobody must take for it.
import { offlinePricesOf } from '../../../lib/facts/offline-prices.ts';
import { AWS_REGION } from '../identity.ts';

export interface Product {
  productFamily: string;
  attributes: Record<string, string>;
  price: PriceShape;
}

interface PriceShape {
  /** Decimal text by currency, one entry a tier: where it begins. */
  tiers: { beginRange: string; endRange: string; price: Record<string, string> }[];
  unit: string;
  /** Terms with a commitment, which cost less. */
  reserved?: string;
}

const MSK_FAMILY = 'Managed Streaming for Apache Kafka (MSK)';
const ZONES = ['AZ1', 'AZ2', 'AZ4', 'AZ6'];

/** Usage types of what the table prices, as public readings of the Price List name them; brokers follow from their type. */
const USAGE_TYPES: Readonly<Record<string, { usagetype: string; operation: string; unit: string; group?: string }>> = {
  'storage/gp2': { usagetype: 'Kafka.Storage.GP2', operation: 'RunVolume', unit: 'GB-Mo', group: 'Storage' },
  'throughput/provisioned': { usagetype: 'Kafka.Throughput', operation: '', unit: 'MBps-Mo' },
  'express/storage': { usagetype: 'Express.Storage', operation: '', unit: 'GB-Mo' },
  'serverless/cluster': { usagetype: 'KafkaServerless-ClusterHours', operation: 'Serverless', unit: 'hours' },
  'serverless/partition': { usagetype: 'KafkaServerless-PartitionHours', operation: 'Serverless', unit: 'hours' },
  'serverless/storage': { usagetype: 'KafkaServerless-StorageHours', operation: 'Serverless', unit: 'GB-Mo' },
  'serverless/data-in': { usagetype: 'KafkaServerless-In-Bytes', operation: 'Serverless', unit: 'GB' },
  'serverless/data-out': { usagetype: 'KafkaServerless-Out-Bytes', operation: 'Serverless', unit: 'GB' },
  'connect/mcu': { usagetype: 'Kafka.mcu.general', operation: '', unit: 'hours' },
};

/** Every product by the code of its service. */
export function products(): Record<string, Product[]> {
  const items = Object.entries(offlinePricesOf(AWS_REGION)!.items);
  return {
    AmazonMSK: items.flatMap(([key, { usd }]) => (key.startsWith('broker/') ? brokers(key, usd) : others(key, usd))),
    AWSDataTransfer: traffic(),
    AmazonCloudWatch: cloudWatchMetrics(),
  };
}

/** One size in the region, in its zones, in a neighbour region, and of the KRaft family: only the first is `kafka.m7g.large` there. */
function brokers(key: string, usd: number): Product[] {
  const [family, ...size] = key.slice('broker/'.length).split('.');
  const computeFamily = size.join('.');
  const usage = `${family === 'express' ? 'Express' : 'Kafka'}.${computeFamily}`;
  const attributes = {
    group: family === 'express' ? 'ExpressBroker' : 'Broker',
    operation: 'RunBroker',
    computeFamily,
  };
  const one = (usagetype: string, price: number, place: Record<string, string> = {}): Product =>
    mskProduct({ ...attributes, usagetype, ...place }, hourly(price));
  return [
    { ...one(`USE1-${usage}`, usd), price: { ...hourly(usd), reserved: decimal(usd * 0.6) } },
    ...(family === 'express' ? [] : [one(`USE1-Kafka.kraft.${computeFamily}`, usd)]),
    ...ZONES.map((zone) => one(`USE1-${zone}-${usage}`, usd * 1.5)),
    one(`USE1-BOS1-${usage}`, usd * 1.25, { locationType: 'AWS Local Zone', location: 'US East (Boston)' }),
    one(`USE2-${usage}`, usd * 1.1, { regionCode: 'us-east-2', location: 'US East (Ohio)' }),
  ];
}

function others(key: string, usd: number): Product[] {
  const known = USAGE_TYPES[key];
  if (known === undefined) return [];
  const { usagetype, unit, ...attributes } = known;
  return [
    mskProduct({ ...attributes, usagetype: `USE1-${usagetype}` }, flat(usd, unit)),
    mskProduct(
      { ...attributes, usagetype: `USE2-${usagetype}`, regionCode: 'us-east-2', location: 'US East (Ohio)' },
      flat(usd * 1.1, unit),
    ),
  ];
}

function mskProduct(attributes: Record<string, string>, price: PriceShape): Product {
  const place = { regionCode: AWS_REGION, location: 'US East (N. Virginia)', locationType: 'AWS Region' };
  const service = { servicecode: 'AmazonMSK', servicename: 'Amazon Managed Streaming for Apache Kafka' };
  return { productFamily: MSK_FAMILY, attributes: { ...service, ...place, ...attributes }, price };
}

/** In us-east-1 data transfer has no prefix. */
function traffic(): Product[] {
  const one = (usagetype: string, transferType: string, to: string, usd: number): Product => ({
    productFamily: 'Data Transfer',
    attributes: {
      servicecode: 'AWSDataTransfer',
      servicename: 'AWS Data Transfer',
      transferType,
      usagetype,
      operation: '',
      fromLocation: 'US East (N. Virginia)',
      fromLocationType: 'AWS Region',
      fromRegionCode: AWS_REGION,
      toLocation: to,
      toLocationType: 'AWS Region',
      toRegionCode: to === 'External' ? '' : AWS_REGION,
    },
    price: flat(usd, 'GB'),
  });
  return [
    one('DataTransfer-Regional-Bytes', 'IntraRegion', 'US East (N. Virginia)', 0.01),
    one('DataTransfer-xAZ-Out-Bytes', 'IntraRegion', 'US East (N. Virginia)', 0.02),
    one('DataTransfer-Out-Bytes', 'AWS Outbound', 'External', 0.09),
  ];
}

function cloudWatchMetrics(): Product[] {
  const tiers = [
    ['0', '10000', 0.3],
    ['10000', '250000', 0.1],
    ['250000', '1000000', 0.05],
    ['1000000', 'Inf', 0.02],
  ] as const;
  const attributes = {
    servicecode: 'AmazonCloudWatch',
    regionCode: AWS_REGION,
    locationType: 'AWS Region',
    group: 'Metric',
  };
  return [
    {
      productFamily: 'Metric',
      attributes: { ...attributes, usagetype: 'CW:MetricMonitorUsage' },
      price: {
        unit: 'Metrics',
        tiers: tiers.map(([beginRange, endRange, usd]) => ({ beginRange, endRange, price: { USD: decimal(usd) } })),
      },
    },
  ];
}

function hourly(usd: number): PriceShape {
  return flat(usd, 'hours');
}

function flat(usd: number, unit: string): PriceShape {
  return { unit, tiers: [{ beginRange: '0', endRange: 'Inf', price: { USD: decimal(usd) } }] };
}

/** Ten places, as the Price List writes them. */
export function decimal(usd: number): string {
  return usd.toFixed(10);
}
