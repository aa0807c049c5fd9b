import { offlinePricesOf } from '../../../lib/facts/offline-prices.ts';
import type { Incoming, ServiceHandler } from '../front.ts';
import { AwsError, sendJson } from '../http.ts';
import { AWS_REGION } from '../identity.ts';
import { GIB, type MskState } from '../msk/state.ts';

const JSON_1_1 = { 'content-type': 'application/x-amz-json-1.1' };
const DAY_MS = 24 * 3_600_000;
const MSK = 'Amazon Managed Streaming for Apache Kafka';
const BROKER_TYPE = 'kafka.m7g.large';

interface Input {
  TimePeriod: { Start: string; End: string };
  Granularity: string;
  Metrics: string[];
  GroupBy?: { Type: string; Key: string }[];
  Filter?: unknown;
}

/** GetCostAndUsage by usage type and record type: what the sandbox's one cluster would have cost, with a tax and a credit beside it. */
export function costExplorerHandler(state: MskState): ServiceHandler {
  return async ({ operation, body, response }: Incoming) => {
    if (operation !== 'GetCostAndUsage')
      throw new AwsError('AccessDeniedException', `the sandbox does not serve ${operation}`);
    sendJson(response, 200, costAndUsage(state, JSON.parse(body.toString('utf8')) as Input), JSON_1_1);
    return true;
  };
}

function costAndUsage(state: MskState, { TimePeriod, Granularity, GroupBy = [], Filter }: Input): object {
  const keys = GroupBy.map(({ Key }) => Key).join();
  if (Granularity !== 'MONTHLY' || keys !== 'USAGE_TYPE,RECORD_TYPE') {
    throw new AwsError('ValidationException', 'the sandbox answers by month, usage type and record type only');
  }
  const isMsk = JSON.stringify(Filter ?? {}).includes(`"${MSK}"`) && JSON.stringify(Filter).includes(`"${AWS_REGION}"`);
  return {
    GroupDefinitions: GroupBy,
    DimensionValueAttributes: [],
    ResultsByTime: months(TimePeriod).map(({ start, end }) => ({
      TimePeriod: { Start: dateOf(start), End: dateOf(end) },
      Total: {},
      Groups: isMsk ? groups(state, (end - start) / DAY_MS) : [],
      Estimated: end > Date.now() - 3 * DAY_MS,
    })),
  };
}

/** A span of days is cut at the first of each month. */
function months({ Start, End }: Input['TimePeriod']): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  const last = Date.parse(End);
  for (let start = Date.parse(Start); start < last; ) {
    const day = new Date(start);
    const end = Math.min(last, Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1));
    spans.push({ start, end });
    start = end;
  }
  return spans;
}

function groups(state: MskState, days: number): object[] {
  const { items } = offlinePricesOf(AWS_REGION)!;
  const hours = state.cluster.brokers.length * days * 24;
  const gibMonths = (state.cluster.brokers.length * (state.declaredVolumeBytes / GIB) * days) / 30;
  const brokers = hours * items[`broker/${BROKER_TYPE}`]!.usd;
  const storage = gibMonths * items['storage/gp2']!.usd;
  return [
    group('USE1-Kafka.m7g.large', 'Usage', brokers, hours, 'hours'),
    group('USE1-Kafka.Storage.GP2', 'Usage', storage, gibMonths, 'GB-Mo'),
    group('USE1-Kafka.m7g.large', 'Credit', -5, 0, 'N/A'),
    group('NoUsageType', 'Tax', (brokers + storage) * 0.07, 0, 'N/A'),
  ];
}

function group(usageType: string, recordType: string, amount: number, quantity: number, unit: string): object {
  return {
    Keys: [usageType, recordType],
    Metrics: {
      UnblendedCost: { Amount: amount.toFixed(10), Unit: 'USD' },
      UsageQuantity: { Amount: quantity.toFixed(10), Unit: unit },
    },
  };
}

function dateOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
