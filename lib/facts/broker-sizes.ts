// What one broker of each size has and holds. An unknown size is unknown: never the numbers of a neighbour.
// vCPU and memory: EC2 instance types of the same name, https://karpenter.sh/docs/reference/instance-types/, read 2026-11-20.
// Partitions (replicas included), Standard: https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html;
// Express, with its throughput: https://docs.aws.amazon.com/msk/latest/developerguide/limits.html; both read in copies of 2026.
// Throughput of Standard brokers: scripts/msk_sizing.py of the skill managing-amazon-msk, https://github.com/aws/agent-toolkit-for-aws,
// of 2026-08-20. AWS publishes no throughput quota for them.
import { isAtLeast } from './kafka-versions.ts';

export interface BrokerSize {
  vcpu: number;
  memoryGiB: number;
  /** AWS's recommended number of partition replicas on one broker. */
  recommendedPartitionCount: number;
  /** Above this MSK refuses updates of configuration, version and a smaller size (Standard) or further partitions (Express). */
  maxPartitionCount: number;
  /** Standard: what the instance moves to and from its volume, and what of it throughput can be provisioned up to. */
  ebsMiBPerSec: number | null;
  /** Baseline, not burst; null where no page of MSK counts with it. */
  networkMiBPerSec: number | null;
  /** Largest storage throughput that can be provisioned; null where none can. */
  maxProvisionedMiBPerSec: number | null;
  /** Express: what a broker sustains, and where MSK throttles. AWS's page says MBps, taken as 10^6 bytes. */
  quota: { sustained: Throughput; max: Throughput } | null;
  source: string;
  /** What of the row could not be confirmed. */
  unverified?: string;
}

export interface Throughput {
  inMBPerSec: number;
  outMBPerSec: number;
}

const STANDARD_SOURCE = 'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html';
const EXPRESS_SOURCE = 'https://docs.aws.amazon.com/msk/latest/developerguide/limits.html';
/** AWS's own skill for agents calls the same numbers MiB/s, 4.9 % more. */
const MB_OR_MIB = 'quota: MBps by the limits page, MiB/s by a sizing script of AWS';

type Row = [vcpu: number, recommended: number, max: number];

/** @param pst largest provisioned throughput: https://docs.aws.amazon.com/msk/latest/developerguide/msk-provision-throughput-management.html */
function standard([vcpu, recommended, max]: Row, ebs: number, network: number, pst: number | null = null): BrokerSize {
  return {
    vcpu,
    memoryGiB: vcpu * 4,
    recommendedPartitionCount: recommended,
    maxPartitionCount: max,
    ebsMiBPerSec: ebs,
    networkMiBPerSec: network,
    maxProvisionedMiBPerSec: pst,
    quota: null,
    source: STANDARD_SOURCE,
  };
}

function express([vcpu, recommended, max]: Row, sustained: [number, number], most: [number, number]): BrokerSize {
  const throughput = ([inMBPerSec, outMBPerSec]: [number, number]): Throughput => ({ inMBPerSec, outMBPerSec });
  return {
    ...standard([vcpu, recommended, max], 0, 0),
    ebsMiBPerSec: null,
    networkMiBPerSec: null,
    quota: { sustained: throughput(sustained), max: throughput(most) },
    source: EXPRESS_SOURCE,
    unverified: MB_OR_MIB,
  };
}

export const BROKER_SIZES: Readonly<Record<string, BrokerSize>> = {
  'kafka.t3.small': {
    ...standard([2, 300, 300], 21.75, 16),
    memoryGiB: 2,
    unverified: 'throughput: baselines of the EC2 type, no number of MSK',
  },
  'kafka.m5.large': standard([2, 1000, 1500], 81, 96),
  'kafka.m5.xlarge': standard([4, 1000, 1500], 144, 160),
  'kafka.m5.2xlarge': standard([8, 2000, 3000], 250, 320),
  'kafka.m5.4xlarge': standard([16, 4000, 6000], 593.75, 640, 593),
  'kafka.m5.8xlarge': standard([32, 4000, 6000], 850, 1280, 850),
  'kafka.m5.12xlarge': standard([48, 4000, 6000], 1000, 1536, 1000),
  'kafka.m5.16xlarge': standard([64, 4000, 6000], 1000, 2560, 1000),
  'kafka.m5.24xlarge': {
    ...standard([96, 4000, 6000], 1000, 3200, 1000),
    unverified: "maximum partitions: AWS's own sizing script says 4000",
  },
  'kafka.m7g.large': standard([2, 1000, 1500], 78.75, 117),
  'kafka.m7g.xlarge': standard([4, 1000, 1500], 156.25, 234),
  'kafka.m7g.2xlarge': {
    ...standard([8, 2000, 3000], 312.5, 469, 312.5),
    unverified: "provisioned throughput: AWS's own sizing script begins at 4xlarge",
  },
  'kafka.m7g.4xlarge': standard([16, 4000, 6000], 625, 937, 625),
  'kafka.m7g.8xlarge': standard([32, 4000, 6000], 1000, 1875, 1000),
  'kafka.m7g.12xlarge': standard([48, 4000, 6000], 1000, 2812, 1000),
  'kafka.m7g.16xlarge': standard([64, 4000, 6000], 1000, 3750, 1000),
  'express.m7g.large': express([2, 1000, 1500], [15.6, 31.2], [23.4, 58.5]),
  'express.m7g.xlarge': express([4, 1000, 2000], [31.2, 62.5], [46.8, 117]),
  'express.m7g.2xlarge': express([8, 2500, 4000], [62.5, 125], [93.7, 234.2]),
  'express.m7g.4xlarge': express([16, 6000, 8000], [124.9, 249.8], [187.5, 468.7]),
  'express.m7g.8xlarge': express([32, 12000, 16000], [250, 500], [375, 937.5]),
  'express.m7g.12xlarge': express([48, 16000, 24000], [375, 750], [562.5, 1406.2]),
  'express.m7g.16xlarge': express([64, 20000, 32000], [500, 1000], [750, 1875]),
};

/** The size's numbers, or null for a size that this table does not know. */
export function brokerSizeOf(instanceType: string): BrokerSize | null {
  return Object.hasOwn(BROKER_SIZES, instanceType) ? BROKER_SIZES[instanceType]! : null;
}

/** `m5` of `kafka.m5.large`; `express` for Express, whose brokers are of one family. */
export function familyOf(instanceType: string): string {
  const [kind, family = ''] = instanceType.split('.');
  return kind === 'express' ? 'express' : family;
}

/** The Graviton size of the same name for an m5 broker; null where MSK has none. */
export function gravitonTwinOf(instanceType: string): string | null {
  const twin = instanceType.replace('kafka.m5.', 'kafka.m7g.');
  return twin !== instanceType && brokerSizeOf(twin) !== null ? twin : null;
}

/**
 * Whether MSK takes brokers away: from clusters of M5 or M7g brokers (Standard and Express), on Kafka 2.8.1 or later.
 * Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-remove-broker.html, read 2026-11-22.
 */
export function canRemoveBrokers(instanceType: string, kafkaVersion: string | null): boolean {
  return isAtLeast(kafkaVersion, [2, 8, 1]) && /\.(m5|m7g)\./.test(instanceType);
}

/** m7g brokers run Kafka 2.8.2 and 3.3.2 or newer: https://docs.aws.amazon.com/msk/latest/developerguide/broker-instance-types.html. */
export function canRunGraviton(kafkaVersion: string | null): boolean {
  if (kafkaVersion?.startsWith('2.8.2')) return true;
  // `3.3.x` would have been named by its patch: lines with an x begin later.
  return isAtLeast(kafkaVersion, [3, 3, 2]);
}

export interface BrokerThreads {
  ioThreads: number;
  networkThreads: number;
  /** With provisioned storage throughput; printed for m5, for m7g AWS says to begin with the same. */
  replicaFetchers: number;
}

const FETCHERS_BY_VCPU: Readonly<Record<number, number>> = { 16: 4, 32: 8, 48: 14, 64: 16, 96: 16 };

/** AWS's numbers of threads for Standard brokers from 4xlarge on (bestpractices.html); null for all others, where the defaults stay. */
export function recommendedThreads(instanceType: string): BrokerThreads | null {
  const size = brokerSizeOf(instanceType);
  const replicaFetchers = size === null || size.quota !== null ? undefined : FETCHERS_BY_VCPU[size.vcpu];
  if (size === null || replicaFetchers === undefined) return null;
  return { ioThreads: size.vcpu, networkThreads: size.vcpu / 2, replicaFetchers };
}
