import { COVERAGE, minutes, percent, thresholds, whole } from '../threshold.ts';

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
});
