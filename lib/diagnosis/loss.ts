// Why records are missing, or about to be. What has happened comes before what may.
import { type Elsewhere, firstOf, type Node } from './cause-tree.ts';

const NOT_THE_CLUSTER: Elsewhere = {
  ends: 'elsewhere',
  look: 'Nothing in the cluster loses records. Look at the clients: errors of send() that nobody handles, offsets committed before the work is done, auto.offset.reset=latest, filters and dead-letter topics.',
};

export const LOSS: Node = firstOf(
  [
    [
      'Were records deleted before a group read them?',
      'records-lost-to-retention',
      'Retention deleted records that a group had not read.',
    ],
    [
      'Were the offsets of a group moved?',
      'offset-rewound',
      'The offsets of a group were moved: records are read twice, or were skipped.',
    ],
    [
      'Do partitions have no leader?',
      'offline-partitions',
      'Partitions are offline: nothing can be written to them or read from them.',
    ],
    [
      'Do partitions have fewer copies than they need for writing?',
      'partitions-under-min-isr',
      'Writes with acks=all are refused: too few copies are in sync.',
    ],
    [
      'Is a broker gone?',
      'broker-silent',
      'A broker is gone: what it holds has one copy less until it is back, and is lost if the others fail first.',
    ],
    [
      'Do timestamps make retention delete at the wrong time?',
      'timestamps-untrusted',
      'Producers send timestamps that are not of their time, and retention follows them.',
    ],
    [
      'Will retention reach a group before it has read?',
      'retention-risk',
      'Retention is about to delete what a group has not read.',
    ],
    [
      'May a replica that lags become leader?',
      'unclean-election-enabled',
      'An unclean election may cut off acknowledged records when a broker fails.',
    ],
    [
      'Are writes acknowledged by one broker alone?',
      'acks-weak',
      'Producers do not wait for a second copy: a broker that fails takes acknowledged records with it.',
    ],
    [
      'Is one copy in sync enough for a write?',
      'min-isr-low',
      'With min.insync.replicas 1 acks=all may mean one copy.',
    ],
    ['Do topics have too few copies?', 'replication-factor-low', 'Topics have too few replicas.'],
    ['Do all copies lie in one zone?', 'replicas-same-az', 'All copies of partitions lie in the same zone.'],
    [
      'Do producers retry without idempotence?',
      'producers-not-idempotent',
      'Producers without idempotence may write twice or out of order when they retry.',
    ],
  ],
  NOT_THE_CLUSTER,
);
