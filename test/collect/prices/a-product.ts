// Products as GetProducts gives them in FormatVersion aws_v1.
export const REGION = 'eu-west-1';

export interface ProductShape {
  usagetype?: string;
  servicecode?: string;
  /** Price text by currency. */
  price?: Record<string, string>;
  unit?: string;
  attributes?: Record<string, unknown>;
  /** Tiers instead of one price. */
  tiers?: [beginRange: string, usd: string][];
  terms?: unknown;
}

/** Every field that the API documents for a product of MSK. */
export function aProduct(shape: ProductShape = {}): Record<string, unknown> {
  const { usagetype = 'EU-Kafka.m7g.large', servicecode = 'AmazonMSK', unit = 'hours', attributes = {} } = shape;
  const tiers = shape.tiers ?? [['0', shape.price?.USD ?? '0.2240000000']];
  const dimensions = tiers.map(([beginRange, usd], i) => [
    `SKU.JRTCKXETXF.${i}`,
    {
      rateCode: `SKU.JRTCKXETXF.${i}`,
      description: `$${usd} per ${unit}`,
      appliesTo: [],
      beginRange,
      endRange: tiers[i + 1]?.[0] ?? 'Inf',
      unit,
      pricePerUnit: shape.price ?? { USD: usd },
    },
  ]);
  return {
    product: {
      productFamily: 'Managed Streaming for Apache Kafka (MSK)',
      sku: 'SKU',
      attributes: {
        regionCode: REGION,
        location: 'EU (Ireland)',
        locationType: 'AWS Region',
        servicename: 'Amazon Managed Streaming for Apache Kafka',
        group: 'Broker',
        operation: 'RunBroker',
        servicecode,
        usagetype,
        ...attributes,
      },
    },
    serviceCode: servicecode,
    terms: shape.terms ?? {
      OnDemand: {
        'SKU.JRTCKXETXF': {
          sku: 'SKU',
          offerTermCode: 'JRTCKXETXF',
          effectiveDate: '2026-11-01T00:00:00Z',
          termAttributes: {},
          priceDimensions: Object.fromEntries(dimensions) as object,
        },
      },
      Reserved: { 'SKU.6QCMYABX3D': { priceDimensions: { a: { unit, pricePerUnit: { USD: '0.1000000000' } } } } },
    },
    version: '20261101000000',
    publicationDate: '2026-11-01T00:00:00Z',
  };
}

export function text(shape: ProductShape = {}): string {
  return JSON.stringify(aProduct(shape));
}

/** A small price list of the region: what it should give, by key. */
export const LISTED: Readonly<Record<string, number>> = {
  'broker/kafka.m7g.large': 0.224,
  'broker/kafka.kraft.m7g.large': 0.225,
  'broker/kafka.m5.large': 0.233,
  'broker/express.m7g.large': 0.449,
  'storage/gp2': 0.11,
  'storage/tiered': 0.06,
  'storage/tiered-retrieval': 0.0015,
  'throughput/provisioned': 0.088,
  'serverless/partition': 0.00165,
  'connect/mcu': 0.121,
};

const NAMES: Readonly<Record<string, [usagetype: string, unit: string]>> = {
  'broker/kafka.m7g.large': ['EU-Kafka.m7g.large', 'hours'],
  'broker/kafka.kraft.m7g.large': ['EU-Kafka.kraft.m7g.large', 'hours'],
  'broker/kafka.m5.large': ['EU-Kafka.m5.large', 'hours'],
  'broker/express.m7g.large': ['EU-Express.m7g.large', 'hours'],
  'storage/gp2': ['EU-Kafka.Storage.GP2', 'GB-Mo'],
  'storage/tiered': ['EU-Kafka.Storage.Tiered', 'GB-Mo'],
  'storage/tiered-retrieval': ['EU-Kafka.DataRetrieval.Tiered', 'GB'],
  'throughput/provisioned': ['EU-Kafka.Throughput', 'MBps-Mo'],
  'serverless/partition': ['EU-KafkaServerless-PartitionHours', 'hours'],
  'connect/mcu': ['EU-Kafka.mcu.general', 'hours'],
};

export function priceList(): string[] {
  return Object.entries(LISTED).map(([key, usd]) => {
    const [usagetype, unit] = NAMES[key]!;
    return text({ usagetype, unit, price: { USD: usd.toFixed(10) } });
  });
}
