// The load of a provisioned cluster on the other types of MSK: what each would need, what bars it, and what it would cost.
import { BROKER_SIZES } from '../facts/broker-sizes.ts';
import { EXPRESS_NEEDS } from '../facts/cluster-types.ts';
import { SERVERLESS_QUOTAS } from '../facts/msk-quotas.ts';
import type { Prices } from '../snapshot/money-sections.ts';
import type { ClusterSizing } from './cluster-sizing.ts';
import {
  expressUsdPerMonth,
  serverlessBlockers,
  serverlessUsdPerMonth,
  standardUsdPerMonth,
  type TypeLoad,
} from './cluster-types.ts';
import { storedGiB } from './savings.ts';
import { roundUpToAzs } from './sizing.ts';
import { type BrokerShape, judgeShape } from './sizing-constraints.ts';

export type TypeName = 'Standard' | 'Express' | 'Serverless';

export interface TypeCandidate {
  name: TypeName;
  /** `3 × express.m7g.large`; null where none fits, and for Serverless. */
  brokers: string | null;
  /** With unknown prices as nothing: at least so much. Infinite where nothing fits. */
  usdPerMonth: number;
  /** Price keys that the list lacks. */
  unpriced: readonly string[];
  /** Why the cluster could not become one. */
  blockers: readonly string[];
}

/** What decides whether a cluster may become one of another type; null: not known, which bars what hangs on it. */
export interface TypeFacts {
  kafkaVersion: string | null;
  partitions: number | null;
  compactedPartitions: number | null;
  groups: number | null;
  /** Whether IAM is the only way in. */
  isIamOnly: boolean | null;
}

type PriceItems = Prices['items'];

/** All types but the cluster's own, cheapest first. */
export function otherTypes(sizing: ClusterSizing, facts: TypeFacts, prices: PriceItems): TypeCandidate[] {
  const isExpress = sizing.current.instanceType.startsWith('express.');
  const candidates = [
    isExpress ? brokersOf('Standard', sizing, facts, prices) : brokersOf('Express', sizing, facts, prices),
    serverlessOf(sizing, facts, prices),
  ];
  return candidates.sort((a, b) => a.usdPerMonth - b.usdPerMonth);
}

/** Hours of traffic that are kept, by what is stored of one copy. */
function typeLoad({ load, workload, current }: ClusterSizing, partitions: number): TypeLoad {
  const copies = current.instanceType.startsWith('express.') ? 1 : load.rf;
  const perHour = storedGiB(load.avgInMiBPerSec, 1, 1);
  return {
    avgInMiBPerSec: load.avgInMiBPerSec,
    avgOutMiBPerSec: workload.avgOutMiBPerSec,
    peakInMiBPerSec: load.peakInMiBPerSec,
    peakOutMiBPerSec: load.peakOutMiBPerSec,
    retentionHours: perHour > 0 ? load.storedGiB / copies / perHour : 0,
    partitions,
  };
}

function brokersOf(
  name: 'Standard' | 'Express',
  sizing: ClusterSizing,
  facts: TypeFacts,
  prices: PriceItems,
): TypeCandidate {
  const { load, current, limits } = sizing;
  const wanted = typeLoad(sizing, facts.partitions ?? 0);
  const prefix = name === 'Express' ? 'express.' : 'kafka.m7g.';
  // Three copies on either; Standard keeps room on its volumes.
  const copies = Math.max(load.rf, EXPRESS_NEEDS.zones);
  const shapes = Object.keys(BROKER_SIZES)
    .filter((type) => type.startsWith(prefix))
    .flatMap((instanceType) => {
      for (let brokers = roundUpToAzs(copies, load.azs); brokers <= limits.maxBrokers; brokers += load.azs) {
        const stored = storedGiB(wanted.avgInMiBPerSec, wanted.retentionHours, copies);
        const volumeGiB = name === 'Express' ? null : Math.ceil(stored / brokers / limits.diskTarget);
        const shape: BrokerShape = { instanceType, brokers, volumeGiB, provisionedMiBPerSec: null, isTiered: false };
        const judged = judgeShape(shape, load, current, limits);
        if (judged.constraints.every(({ value, limit }) => value <= limit) && !judged.isTight) return [shape];
      }
      return [];
    });
  const priced = shapes.map(({ instanceType, brokers }) => {
    const { of, unpriced } = priceReader(prices);
    const brokerHour = of(`broker/${instanceType}`);
    const usdPerMonth =
      name === 'Express'
        ? expressUsdPerMonth(wanted, {
            brokers,
            brokerHour,
            dataInPerGiB: of('express/data-in'),
            storagePerGiB: of('express/storage'),
          })
        : standardUsdPerMonth(wanted, {
            brokers,
            brokerHour,
            ebsPerGiB: of('storage/gp2'),
            ebsHeadroom: 1 / limits.diskTarget,
            rf: copies,
          });
    return { name, brokers: `${brokers} × ${instanceType}`, usdPerMonth, unpriced, hasBrokers: brokerHour > 0 };
  });
  const blockers = name === 'Express' ? expressBlockers(sizing, facts) : [];
  const cheapest = priced.filter(({ hasBrokers }) => hasBrokers).sort((a, b) => a.usdPerMonth - b.usdPerMonth)[0];
  if (cheapest !== undefined) {
    const { hasBrokers: _, ...candidate } = cheapest;
    return { ...candidate, blockers };
  }
  const unpriced = priced.length > 0 ? [`broker/${prefix}*`] : [];
  const fits = priced.length > 0 ? [] : ['no size within the quota of brokers carries the load'];
  return { name, brokers: null, usdPerMonth: Number.POSITIVE_INFINITY, unpriced, blockers: [...blockers, ...fits] };
}

function expressBlockers({ current, load }: ClusterSizing, { kafkaVersion }: TypeFacts): string[] {
  const line = /^\d+\.\d+/.exec(kafkaVersion ?? '')?.[0] ?? '';
  return [
    ...(load.azs === EXPRESS_NEEDS.zones ? [] : [`${load.azs} zones of ${EXPRESS_NEEDS.zones}`]),
    ...((EXPRESS_NEEDS.kafkaLines as readonly string[]).includes(line)
      ? []
      : [`Kafka ${kafkaVersion ?? 'of unknown version'} is not offered`]),
    ...(current.isTiered ? ['tiered storage'] : []),
  ];
}

function serverlessOf(sizing: ClusterSizing, facts: TypeFacts, prices: PriceItems): TypeCandidate {
  const { partitions, compactedPartitions, groups, isIamOnly } = facts;
  const wanted = typeLoad(sizing, partitions ?? 0);
  const { of, unpriced } = priceReader(prices);
  const usdPerMonth = serverlessUsdPerMonth(wanted, {
    clusterHour: of('serverless/cluster'),
    partitionHour: of('serverless/partition'),
    inPerGiB: of('serverless/data-in'),
    outPerGiB: of('serverless/data-out'),
    storagePerGiB: of('serverless/storage'),
  });
  const over = (what: string, value: number | null, quota: number) =>
    value === null ? [`${what} were not counted`] : value > quota ? [`${value} ${what} of ${quota}`] : [];
  const blockers = [
    ...serverlessBlockers(wanted),
    ...(partitions === null ? ['partitions were not counted'] : []),
    ...over('partitions of compacted topics', compactedPartitions, SERVERLESS_QUOTAS.compactedPartitions),
    ...over('consumer groups', groups, SERVERLESS_QUOTAS.consumerGroups),
    ...(isIamOnly === true
      ? []
      : [isIamOnly === null ? 'the ways to authenticate are not known' : 'clients that do not come in with IAM']),
    ...(sizing.current.isTiered ? ['tiered storage'] : []),
  ];
  return { name: 'Serverless', brokers: null, usdPerMonth, unpriced, blockers };
}

/** Reads prices, unknown ones as nothing, and remembers those. */
function priceReader(prices: PriceItems): { of: (key: string) => number; unpriced: string[] } {
  const unpriced: string[] = [];
  return {
    unpriced,
    of: (key) => {
      const usd = Object.hasOwn(prices, key) ? prices[key]?.usd : undefined;
      if (usd === undefined) unpriced.push(key);
      return usd ?? 0;
    },
  };
}
