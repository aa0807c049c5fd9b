// Why producing takes long. First what holds for the whole cluster, then where the time goes, then what fills that place.
import { type Elsewhere, firstOf, found, type Node, phaseTakes } from './cause-tree.ts';

const CLIENT: Elsewhere = {
  ends: 'elsewhere',
  look: 'The brokers answer in time: measure in the client (linger.ms, batching, its own queue, the network between), for example by request-latency-avg and record-queue-time-avg of the producer.',
};

const UNEXPLAINED: Elsewhere = {
  ends: 'elsewhere',
  look: 'Nothing that the cluster shows explains it: look at single requests with percentiles from open monitoring, and ask AWS Support about the hosts of the slow brokers.',
};

const HANDLERS = firstOf(
  [
    [
      'Do producers send small batches?',
      'batches-small',
      'Small batches keep the request handlers busy: each request costs the same, whatever it carries.',
    ],
    [
      'Do brokers convert message formats?',
      'message-conversions',
      'Old clients make the brokers convert every message, which keeps the request handlers busy.',
    ],
    [
      'Do brokers compress again?',
      'broker-recompression',
      'The brokers compress batches anew because the topic names another codec than its producers use.',
    ],
    [
      'Are the CPU credits of burstable brokers running out?',
      'cpu-credits-low',
      'The CPU credits of the brokers run out: without them they work at a fraction of their speed.',
    ],
    ['Are the brokers short of CPU?', 'cpu-high', 'The brokers are short of CPU, so that requests wait for a handler.'],
    [
      'Are there fewer request handlers than the brokers could run?',
      'io-threads-low',
      'Too few request handlers are configured for the size of the brokers.',
    ],
    ['Are the request handlers busy?', 'request-handlers-saturated', 'The request handlers are saturated.'],
  ],
  UNEXPLAINED,
);

const DISKS = firstOf(
  [
    [
      'Is every write forced to disk?',
      'flush-forced',
      'The log is flushed by force: every produce request waits for the disk.',
    ],
    [
      'Are the burst credits of the volumes running out?',
      'ebs-burst-depleting',
      'The volumes have used up their burst credits and write at their base rate.',
    ],
    [
      'Are the volumes at the limit of their throughput?',
      'ebs-throughput-near-limit',
      'The volumes are at the limit of their throughput.',
    ],
    [
      'Do readers miss the page cache?',
      'page-cache-short',
      'Readers fetch old records from disk and take its throughput from the writers.',
    ],
  ],
  UNEXPLAINED,
);

const FOLLOWERS = firstOf(
  [
    [
      'Are partitions under-replicated?',
      'partitions-under-replicated',
      'Followers have fallen out of sync; acks=all waits for those that are left and for the way back.',
    ],
    [
      'Are there too few replica fetchers?',
      'replica-fetchers-low',
      'Followers fetch with too few threads to keep up with their leaders.',
    ],
    [
      'Does AWS shape the traffic of brokers?',
      'traffic-shaped',
      'AWS holds back the network of brokers, so that replication waits.',
    ],
    [
      'Are leaders spread unevenly?',
      'broker-traffic-skewed',
      'One broker leads too much of the traffic; its followers wait for it.',
    ],
  ],
  UNEXPLAINED,
);

const NETWORK = firstOf(
  [
    [
      'Do clients open connections all the time?',
      'connection-churn-high',
      'Clients open connections all the time; the handshakes take the network threads.',
    ],
    ['Are the network threads busy?', 'network-threads-saturated', 'The network threads are saturated.'],
    ['Does AWS shape the traffic of brokers?', 'traffic-shaped', 'AWS holds back the network of brokers.'],
  ],
  UNEXPLAINED,
);

/** Without the phases the usual suspects are asked in the order of what is cheapest to mend. */
const USUAL_SUSPECTS = firstOf(
  [
    [
      'Is every write forced to disk?',
      'flush-forced',
      'The log is flushed by force: every produce request waits for the disk.',
    ],
    ['Do producers send small batches?', 'batches-small', 'Small batches keep the request handlers busy.'],
    [
      'Are the CPU credits of burstable brokers running out?',
      'cpu-credits-low',
      'The CPU credits of the brokers run out: without them they work at a fraction of their speed.',
    ],
    ['Are the brokers short of CPU?', 'cpu-high', 'The brokers are short of CPU.'],
    [
      'Are the volumes at the limit of their throughput?',
      'ebs-throughput-near-limit',
      'The volumes are at the limit of their throughput.',
    ],
    [
      'Are the burst credits of the volumes running out?',
      'ebs-burst-depleting',
      'The volumes have used up their burst credits.',
    ],
  ],
  UNEXPLAINED,
);

const BY_PHASE: Node = {
  ask: 'Do requests wait for a request handler?',
  answer: phaseTakes('queue', 40),
  yes: HANDLERS,
  unknown: USUAL_SUSPECTS,
  no: {
    ask: 'Does the write to the log of the leader take most of it?',
    answer: phaseTakes('local', 40),
    yes: DISKS,
    no: {
      ask: 'Do the answers wait for followers?',
      answer: phaseTakes('remote', 60),
      yes: FOLLOWERS,
      no: {
        ask: 'Does sending the answer take long?',
        answer: phaseTakes('send', 30),
        yes: NETWORK,
        no: USUAL_SUSPECTS,
      },
    },
  },
};

const SLOW = firstOf(
  [
    [
      'Are clients held back by quotas?',
      'clients-throttled',
      'Clients are throttled: the brokers delay their answers on purpose.',
    ],
    [
      'Does garbage collection free too little of the heap?',
      'heap-after-gc-high',
      'The heap is nearly full after garbage collection: the brokers pause.',
    ],
    [
      'Is one broker slower than the others?',
      'broker-slow',
      'One broker is slower than its peers at the same load: its volume or its host.',
    ],
  ],
  BY_PHASE,
);

export const LATENCY: Node = {
  ask: 'Do brokers take long to answer producers?',
  answer: found('produce-latency-high'),
  unknown: 'measure',
  yes: SLOW,
  no: { ask: 'Do they take longer than is usual?', answer: found('latency-regressed'), yes: SLOW, no: CLIENT },
};
