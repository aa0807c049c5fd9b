// Why consumers are behind. First whether anybody reads at all, then whether one thing holds a group, then whether it is simply too slow.
import { type Elsewhere, firstOf, foundAny, type Node } from './cause-tree.ts';

const NOT_BEHIND: Elsewhere = {
  ends: 'elsewhere',
  look: 'No group is behind as the cluster sees it: what feels late lies in processing after the poll, or before send() of the producer.',
};

const PROCESSING: Elsewhere = {
  ends: 'elsewhere',
  look: 'The group reads steadily and nothing holds it: its processing is the limit. Measure the time per record and per poll in the consumer.',
};

const REBALANCING = [
  'Does a group rebalance all the time?',
  'rebalances-frequent',
  'The group spends its time on rebalances.',
] as const;

const TOO_SLOW = firstOf(
  [
    [
      'Has the traffic grown beyond what is usual?',
      'traffic-anomalous',
      'Far more is produced than usual at this hour.',
    ],
    [
      'Does the topic have fewer partitions than the group needs?',
      'topic-underpartitioned',
      'Every partition has its member already: the topic has too few partitions.',
    ],
    [
      'Can the group read faster than is produced?',
      'catch-up-capacity-low',
      'The group reads hardly faster than is produced: it needs more members.',
    ],
    [
      'Is the work shared unevenly among members?',
      'assignment-uneven',
      'Some members have far more to read than others.',
    ],
    [
      'Do consumers fetch in small pieces?',
      'fetches-inefficient',
      'Consumers fetch in small pieces: they spend their time on requests.',
    ],
    [
      'Do reads miss the page cache?',
      'page-cache-short',
      'What the group reads is no longer in memory: it reads from disk.',
    ],
    ['Are the brokers slow in answering fetches?', 'fetch-latency-high', 'The brokers are slow in answering fetches.'],
    ['Are clients held back by quotas?', 'clients-throttled', 'Consumers are throttled.'],
    ['Are the brokers short of CPU?', 'cpu-high', 'The brokers are short of CPU.'],
  ],
  PROCESSING,
);

export const LAG: Node = {
  ask: 'Is a group behind?',
  answer: foundAny(
    'time-lag-over-target',
    'lag-growing',
    'consumer-stalled',
    'consumer-stopped',
    'records-lost-to-retention',
    'retention-risk',
  ),
  // Between two rebalances a group may catch up each time.
  no: firstOf([REBALANCING], NOT_BEHIND),
  unknown: 'measure',
  yes: firstOf(
    [
      ['Does nobody read for a group?', 'consumer-stopped', 'Nobody reads for the group: its members are gone.'],
      // Before the members: who waits for a transaction looks as if one record blocked it, and no restart helps.
      [
        'Does an open transaction hold readers back?',
        'transaction-hanging',
        'A transaction that nobody ended holds back everybody who reads committed records.',
      ],
      [
        'Does a member hold a partition without moving?',
        'consumer-stalled',
        'A member holds its partition and does not move: one record or one call blocks it.',
      ],
      REBALANCING,
      [
        'Does one partition carry most of a topic?',
        'partition-hot',
        'One partition carries far more than its share, and one member reads it.',
      ],
      [
        'Is the lag on few partitions?',
        'lag-concentrated',
        'The lag is on few partitions: the members or hosts that read them are slow.',
      ],
    ],
    TOO_SLOW,
  ),
};
