// Which product of the AWS Price List each price key is: by its exact usage type and unit, never by a part of a name. `Kafka.m5.large`
// is not `Kafka.kraft.m5.large`, and the list holds both.
import { BROKER_SIZES } from './broker-sizes.ts';

/** Units of the product. The Price List says GB and means GiB, as MSK's own sizing script counts. */
export type PriceUnit = 'hours' | 'GiB-month' | 'GiB' | 'MiBps-month' | 'metric-month';

export type PriceService = 'AmazonMSK' | 'AWSDataTransfer' | 'AmazonCloudWatch';

export interface ListedPrice {
  key: string;
  service: PriceService;
  /** Without the prefix of the region: `APS1-Kafka.Storage.GP2` is `Kafka.Storage.GP2`. */
  usageType: string;
  unit: PriceUnit;
  /** Where the usage type was seen. */
  source: string;
  /** What could not be confirmed in an answer of the Price List itself. */
  unverified?: string;
}

/** A reading of the Price List for ap-southeast-1, of 2026-08-12. */
const PRICE_REFERENCE =
  'https://github.com/con0097275/aws-cdc-lakehouse-data-platform/blob/5f46e6f304a3fcfe8bf09007584d7ec28c8acb7f/docs/PRICE_REFERENCE.md';
/** Usage types as Cost Explorer and the Price List name them, read by Confluent's migration tool. */
const KCP = 'https://github.com/confluentinc/kcp/tree/a3f82bbb';
const INFRACOST = 'https://github.com/infracost/infracost/blob/95ba4f49/internal/resources/aws/data_transfer.go';
const CLOUDWATCH_BILLING = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_billing.html';
/** Names of usage types in tests of public tools that read the Price List; the names of the data lines also in bills. */
const PUBLIC_TOOLS = 'public tools that read the Price List, read 2026-11-21';
const NOT_IN_AN_ANSWER = 'not seen in an answer of the Price List itself';

function msk(key: string, usageType: string, unit: PriceUnit, source: string, unverified?: string): ListedPrice {
  const listed = { key, service: 'AmazonMSK', usageType, unit, source } as const;
  return unverified === undefined ? listed : { ...listed, unverified };
}

/** `kafka.m7g.large` is `Kafka.m7g.large`, `express.m7g.large` is `Express.m7g.large`; brokers of KRaft clusters may be listed apart. */
function brokerPrices(instanceType: string): ListedPrice[] {
  const size = instanceType.slice(instanceType.indexOf('.') + 1);
  if (instanceType.startsWith('express.')) {
    return [msk(`broker/${instanceType}`, `Express.${size}`, 'hours', PRICE_REFERENCE)];
  }
  return [
    msk(`broker/${instanceType}`, `Kafka.${size}`, 'hours', PRICE_REFERENCE),
    msk(kraftBrokerKey(instanceType), `Kafka.kraft.${size}`, 'hours', KCP, 'seen for t3.small only'),
  ];
}

/** Key of a broker's hour in a KRaft cluster, where the list names it apart. */
export function kraftBrokerKey(instanceType: string): string {
  return `broker/${instanceType.replace('kafka.', 'kafka.kraft.')}`;
}

/** Everything the product can price from the list. No usage type is known for Express data-in, Replicator and private-connectivity data. */
export const LISTED_PRICES: readonly ListedPrice[] = [
  ...Object.keys(BROKER_SIZES).flatMap(brokerPrices),
  msk('storage/gp2', 'Kafka.Storage.GP2', 'GiB-month', PRICE_REFERENCE),
  msk('storage/tiered', 'Kafka.Storage.Tiered', 'GiB-month', PRICE_REFERENCE),
  msk('storage/tiered-retrieval', 'Kafka.DataRetrieval.Tiered', 'GiB', PRICE_REFERENCE),
  msk('throughput/provisioned', 'Kafka.Throughput', 'MiBps-month', KCP, `${NOT_IN_AN_ANSWER}; nor is its unit`),
  msk('express/storage', 'Express.Storage', 'GiB-month', PRICE_REFERENCE),
  msk('serverless/cluster', 'KafkaServerless-ClusterHours', 'hours', PRICE_REFERENCE),
  msk('serverless/partition', 'KafkaServerless-PartitionHours', 'hours', PRICE_REFERENCE),
  msk('serverless/data-in', 'KafkaServerless-In-Bytes', 'GiB', PUBLIC_TOOLS, NOT_IN_AN_ANSWER),
  msk('serverless/data-out', 'KafkaServerless-Out-Bytes', 'GiB', PUBLIC_TOOLS, NOT_IN_AN_ANSWER),
  msk('serverless/storage', 'KafkaServerless-StorageHours', 'GiB-month', PUBLIC_TOOLS, NOT_IN_AN_ANSWER),
  msk('connect/mcu', 'Kafka.mcu.general', 'hours', KCP),
  msk('private-connectivity/hour', 'Kafka.PrivateConnectivityHours', 'hours', PRICE_REFERENCE),
  {
    key: 'traffic/between-zones',
    service: 'AWSDataTransfer',
    usageType: 'DataTransfer-Regional-Bytes',
    unit: 'GiB',
    source: INFRACOST,
  },
  {
    key: 'cloudwatch/metric',
    service: 'AmazonCloudWatch',
    usageType: 'CW:MetricMonitorUsage',
    unit: 'metric-month',
    source: CLOUDWATCH_BILLING,
  },
];

/** Prices that the list may well hold under a usage type that we do not know: only the dated table can give them. */
export const UNLISTED_KEYS: readonly string[] = ['express/data-in'];

/** How the Price List spells each unit, in lower case. Another unit under a known usage type is no price of ours. */
export const UNIT_SPELLINGS: Readonly<Record<PriceUnit, readonly string[]>> = {
  hours: ['hours', 'hrs'],
  'GiB-month': ['gb-mo', 'gb-month'],
  GiB: ['gb'],
  'MiBps-month': ['mbps-mo', 'mibps-mo', 'mbps-month'],
  'metric-month': ['metrics'],
};

const BY_USAGE_TYPE = new Map(LISTED_PRICES.map((listed) => [`${listed.service} ${listed.usageType}`, listed]));

/** Short names of regions in usage types: `USE1-`, `APS1-`, `EU-`. A second one (`USW2-AZ1-`, `USW2-LAX1-`) is a zone, and no region. */
const REGION_PREFIX = /^[A-Z]{2,4}\d{0,2}-/;

/** The price that a usage type stands for, with at most one prefix of a region taken off; null for every other. */
export function listedPriceOf(service: string, usageType: string): ListedPrice | null {
  const whole = BY_USAGE_TYPE.get(`${service} ${usageType}`);
  if (whole !== undefined) return whole;
  return BY_USAGE_TYPE.get(`${service} ${usageType.replace(REGION_PREFIX, '')}`) ?? null;
}
