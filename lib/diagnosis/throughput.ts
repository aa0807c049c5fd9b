// Why no more goes through. What costs nothing first: shape of the traffic, then its spread, then limits of single parts, the cluster last.
import { type Elsewhere, firstOf, type Node } from './cause-tree.ts';

const NOT_THE_CLUSTER: Elsewhere = {
  ends: 'elsewhere',
  look: 'No part of the cluster is near its limit: the clients hold back. Measure in the producer (buffer-available-bytes, batch-size-avg, record-queue-time-avg) and in the consumer (fetch-rate, poll-idle-ratio-avg).',
};

export const THROUGHPUT: Node = firstOf(
  [
    [
      'Are clients held back by quotas?',
      'clients-throttled',
      'Clients are throttled: a quota, or the throughput that the brokers sustain, is reached.',
    ],
    [
      'Are connections near the limit of IAM?',
      'iam-connections-near-limit',
      'Clients open more connections than IAM access allows: those that are refused send nothing.',
    ],
    [
      'Do producers send small batches?',
      'batches-small',
      'Small batches: requests, not bytes, are what the brokers are busy with.',
    ],
    [
      'Do brokers convert message formats?',
      'message-conversions',
      'Old clients make the brokers convert every message, which keeps them busy.',
    ],
    [
      'Do brokers compress again?',
      'broker-recompression',
      'The brokers compress batches anew because the topic names another codec than its producers use.',
    ],
    [
      'Is the traffic uncompressed?',
      'traffic-uncompressed',
      'Records travel uncompressed: network, disks and replication carry several times the bytes.',
    ],
    [
      'Does one partition carry most of a topic?',
      'partition-hot',
      'One partition carries far more than its share: a key that everybody uses, and one broker that serves it.',
    ],
    [
      'Is one broker busier than the others?',
      'broker-traffic-skewed',
      'The traffic is spread unevenly: one broker is full while others idle.',
    ],
    [
      'Does a topic have too few partitions?',
      'topic-underpartitioned',
      'A topic has too few partitions for its traffic.',
    ],
    [
      'Is every write forced to disk?',
      'flush-forced',
      'The log is flushed by force: the brokers wait for the disk at every append.',
    ],
    [
      'Are the volumes at the limit of their throughput?',
      'ebs-throughput-near-limit',
      'The volumes are at the limit of their throughput.',
    ],
    [
      'Does AWS shape the traffic of brokers?',
      'traffic-shaped',
      'The brokers send more than their size is allowed on the network.',
    ],
    [
      'Are the CPU credits of burstable brokers running out?',
      'cpu-credits-low',
      'The CPU credits of the brokers run out: without them they work at a fraction of their speed.',
    ],
    ['Are the request handlers busy?', 'request-handlers-saturated', 'The request handlers are saturated.'],
    ['Are the brokers short of CPU?', 'cpu-high', 'The brokers are short of CPU.'],
    [
      'Is the cluster near the limit of its size?',
      'throughput-near-limit',
      'The cluster carries what its size can carry: it needs larger or more brokers.',
    ],
  ],
  NOT_THE_CLUSTER,
);
