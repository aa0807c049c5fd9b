// What one broker of each size has and holds. An unknown size is unknown: never the numbers of a neighbour.
// vCPU and memory: EC2 instance types of the same name, https://karpenter.sh/docs/reference/instance-types/, read 2026-11-20.
// Partitions (replicas included), Standard: https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html;
// Express: https://docs.aws.amazon.com/msk/latest/developerguide/limits.html; both read in copies of 2026.

export interface BrokerSize {
  vcpu: number;
  memoryGiB: number;
  /** AWS's recommended number of partition replicas on one broker. */
  recommendedPartitionCount: number;
  /** Above this MSK refuses updates of configuration, version and a smaller size (Standard) or further partitions (Express). */
  maxPartitionCount: number;
  source: string;
  /** What of the row could not be confirmed. */
  unverified?: string;
}

const STANDARD_SOURCE = 'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html';
const EXPRESS_SOURCE = 'https://docs.aws.amazon.com/msk/latest/developerguide/limits.html';

function standard(vcpu: number, memoryGiB: number, recommended: number, max: number): BrokerSize {
  return {
    vcpu,
    memoryGiB,
    recommendedPartitionCount: recommended,
    maxPartitionCount: max,
    source: STANDARD_SOURCE,
  };
}

function express(vcpu: number, memoryGiB: number, recommended: number, max: number): BrokerSize {
  return { ...standard(vcpu, memoryGiB, recommended, max), source: EXPRESS_SOURCE };
}

export const BROKER_SIZES: Readonly<Record<string, BrokerSize>> = {
  'kafka.t3.small': standard(2, 2, 300, 300),
  'kafka.m5.large': standard(2, 8, 1000, 1500),
  'kafka.m5.xlarge': standard(4, 16, 1000, 1500),
  'kafka.m5.2xlarge': standard(8, 32, 2000, 3000),
  'kafka.m5.4xlarge': standard(16, 64, 4000, 6000),
  'kafka.m5.8xlarge': standard(32, 128, 4000, 6000),
  'kafka.m5.12xlarge': standard(48, 192, 4000, 6000),
  'kafka.m5.16xlarge': standard(64, 256, 4000, 6000),
  'kafka.m5.24xlarge': {
    ...standard(96, 384, 4000, 6000),
    unverified: "maximum partitions: AWS's own sizing script says 4000",
  },
  'kafka.m7g.large': standard(2, 8, 1000, 1500),
  'kafka.m7g.xlarge': standard(4, 16, 1000, 1500),
  'kafka.m7g.2xlarge': standard(8, 32, 2000, 3000),
  'kafka.m7g.4xlarge': standard(16, 64, 4000, 6000),
  'kafka.m7g.8xlarge': standard(32, 128, 4000, 6000),
  'kafka.m7g.12xlarge': standard(48, 192, 4000, 6000),
  'kafka.m7g.16xlarge': standard(64, 256, 4000, 6000),
  'express.m7g.large': express(2, 8, 1000, 1500),
  'express.m7g.xlarge': express(4, 16, 1000, 2000),
  'express.m7g.2xlarge': express(8, 32, 2500, 4000),
  'express.m7g.4xlarge': express(16, 64, 6000, 8000),
  'express.m7g.8xlarge': express(32, 128, 12000, 16000),
  'express.m7g.12xlarge': express(48, 192, 16000, 24000),
  'express.m7g.16xlarge': express(64, 256, 20000, 32000),
};

/** The size's numbers, or null for a size that this table does not know. */
export function brokerSizeOf(instanceType: string): BrokerSize | null {
  return Object.hasOwn(BROKER_SIZES, instanceType) ? BROKER_SIZES[instanceType]! : null;
}
