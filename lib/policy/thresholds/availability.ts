import { COVERAGE, days, minutes, number, percent, TABLE_AGE, thresholds, whole } from '../threshold.ts';

export const AVAILABILITY = thresholds({
  'offline-partitions': COVERAGE,
  'partitions-under-min-isr': {
    minMinutes: minutes(
      { production: 1, staging: 5, development: 5 },
      'acks=all writes fail from the first second; test systems may restart a broker without a word.',
    ),
    ...COVERAGE,
  },
  'partitions-under-replicated': {
    minMinutes: minutes(
      15,
      'A broker restart heals within minutes; what lasts a quarter of an hour does not heal by itself.',
      { below: 'criticalMinutes' },
    ),
    criticalPercent: percent(
      5,
      'One partition in twenty without its copy is a broker’s worth of exposure on a common cluster.',
    ),
    criticalMinutes: minutes(30, 'Half an hour at that share is no restart any more.'),
    flappingTransitions: whole(
      6,
      [2, 10_000],
      'Three times out of sync and back within the window is ISR churn, not a restart.',
    ),
    ...COVERAGE,
  },
  'replication-factor-low': {
    minReplicationFactor: whole(
      3,
      [1, 10],
      'AWS: replication factor 3 for clusters in three availability zones (MSK best practices); capped by brokers and zones.',
    ),
  },
  'min-isr-equal-rf': {},
  'min-isr-low': {
    minReplicationFactor: whole(
      3,
      [3, 10],
      'Of two replicas both would have to be there: that stops writing at every restart, and a third replica comes first.',
    ),
  },
  'unclean-election-enabled': {},
  'broker-silent': {
    minMinutes: minutes(5, 'CloudWatch skips a minute now and then, and a restart is over in less.'),
    selfHealMinutes: minutes(
      15,
      'MSK replaces a dead broker within a quarter of an hour as a rule: until then nobody should help.',
    ),
    ...COVERAGE,
  },
  'controller-missing': {
    minMinutes: minutes(5, 'An election takes seconds; AWS alarms after five minutes (skill managing-amazon-msk).'),
    supportMinutes: minutes(10, 'What lasts twice as long as an alarm waits does not mend itself.'),
    ...COVERAGE,
  },
  'customer-action-required': {
    maxHealingMinutes: minutes(
      30,
      'MSK replaces a broker within a quarter of an hour; twice that is no replacement any more.',
    ),
  },
  'maintenance-unready': {
    maxCpuPercent: percent(
      60,
      'AWS: CpuUser + CpuSystem under 60 %, so that the others carry a broker that restarts (MSK best practices).',
    ),
    maxCpuAfterLossPercent: number(100, [1, 1000], 'What the brokers that stay would need beyond all they have.'),
    maxDiskPercent: percent(85, 'AWS’s own alarm line (MSK best practices).'),
    minVersionDays: days(60, 'Past its end MSK may upgrade instead of patch: two months are one rehearsed upgrade.'),
    ...TABLE_AGE,
    ...COVERAGE,
  },
  'alarms-missing': {
    busiestPairs: whole(
      3,
      [0, 100],
      'A lag alarm for every group is noise; the groups and topics with the most traffic are where it hurts.',
    ),
  },
  'replicas-same-az': {},
  'internal-topics-fragile': {
    minReplicationFactor: whole(3, [1, 10], 'Kafka’s own default of these topics; capped by brokers and zones.'),
  },
});
