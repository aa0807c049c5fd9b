import { COVERAGE, hours, minutes, number, percent, SUSTAINED, thresholds, whole } from '../threshold.ts';

const MIB = 1_048_576;
const BYTES = [0, 1e15] as const;

export const BALANCE = thresholds({
  'leaders-skewed': {
    maxOverMean: number(
      1.25,
      [1, 100],
      'Kafka rebalances leaders by itself at 10 % (Cruise Control: 1.1); a quarter above the mean costs a fifth of the cluster’s capacity.',
    ),
    minLeadersPerBroker: number(20, [0, 100_000], 'With fewer leaders one partition more or less is already 5 %.'),
    minMinutes: minutes(60, 'Leaders move for minutes at every restart.'),
    ...COVERAGE,
  },
  'broker-traffic-skewed': {
    maxOverMean: number(1.5, [1, 100], 'Half above the mean: a third of the cluster cannot be used.'),
    maxZoneOverMean: number(1.3, [1, 100], 'A zone is lost as a whole: it may stand out less than one broker.'),
    minBytesPerSecPerBroker: number(MIB, BYTES, 'Below 1 MiB/s a broker one client decides, and nothing is short.'),
    minCpuPercent: percent(20, 'Twice of next to nothing is no load: CPU counts from a fifth on.'),
    breachCpuPercent: percent(70, 'From here on the hottest broker is short of CPU, whatever the others have.'),
    breachThroughputPercent: percent(80, 'AWS advises to stay at 80 % of what a broker sustains.'),
    ...SUSTAINED,
    ...COVERAGE,
  },
  'partition-hot': {
    minTopicBytesPerSec: number(MIB, BYTES, 'Below 1 MiB/s every broker carries the whole topic with ease.'),
    minTopicMessagesPerSec: number(500, [0, 1e12], 'The same for small records.'),
    minOverMedianOfOthers: number(3, [1, 1000], 'Keys are never even; three times the others is a key, not chance.'),
    minShareTimesFair: number(2, [1, 1000], 'Among many quiet partitions a lively one is not hot.'),
    minRobustZ: number(3.5, [0, 1000], 'The usual bound of the robust z (Iglewicz and Hoaglin).'),
    robustZFromPartitions: whole(8, [2, 100_000], 'With fewer partitions the spread of the others is not known.'),
    madFloorPercent: percent(2, 'An even topic has no spread: 2 % of the median keeps noise from standing out.'),
  },
  'partitions-per-broker-high': {
    mediumPercent: percent(80, 'Time to clean up before AWS’s recommended number is reached.', {
      below: 'highPercent',
    }),
    highPercent: number(100, [0, 1000], 'AWS’s recommended number of partitions per broker (MSK best practices).'),
  },
  'topic-underpartitioned': {
    maxShareOfCapPercent: percent(70, 'Above it a burst or a growing topic meets the ceiling of one partition.'),
    capMiBPerSec: number(10, [0.01, 10_000], 'What one partition of a Standard broker is commonly planned for.'),
    minTrafficSharePercent: percent(5, 'Smaller topics do not matter to the balance of the cluster.'),
    minTopicBytesPerSec: number(MIB, BYTES, 'Below 1 MiB/s one broker carries a whole topic with ease.'),
    minCatchUpRatio: number(1.2, [1, 100], 'Less than a fifth of reserve never works off an outage.'),
  },
  'leaders-not-preferred': {
    maxPercent: percent(10, 'Kafka’s own trigger, leader.imbalance.per.broker.percentage.'),
    minPartitions: whole(20, [1, 1_000_000], 'With fewer partitions one of them is already 5 %.'),
    minMinutes: minutes(60, 'After a restart Kafka gives leaders back within minutes.'),
  },
  'topic-overpartitioned': {
    capMiBPerSec: number(10, [0.01, 10_000], 'What one partition of a Standard broker is commonly planned for.'),
    minTimesNeeded: number(4, [1, 10_000], 'Room for growth and parallel readers is fine, four times is habit.'),
    maxBytesPerSecPerPartition: number(10_240, BYTES, 'Below 10 KiB/s a partition fills no batch.'),
    minPartitions: whole(12, [1, 1_000_000], 'A dozen partitions cost next to nothing.'),
    densityPercent: percent(80, 'Where partitions are scarce, quiet topics with many of them are the ones to shrink.'),
  },
  'partition-oversized': {
    infoGiB: number(100, [0, 1e6], 'From here on a new replica takes a quarter of an hour.', { below: 'lowGiB' }),
    lowGiB: number(500, [0, 1e6], 'A new replica takes more than an hour.', { below: 'mediumGiB' }),
    mediumGiB: number(1024, [0, 1e6], 'Cruise Control’s own default limit, 1 TiB.'),
    copyMiBPerSec: number(100, [1, 100_000], 'A copy leaves most of a broker to its clients at this pace.'),
  },
  'reassignment-lingering': {
    maxHours: hours(6, 'A move that takes longer than a night’s window has stalled or is throttled too hard.'),
  },
  'rebalancing-paused': {
    maxTrafficOverMean: number(1.2, [1, 100], 'Up to a fifth above the mean brokers are well balanced.'),
    maxLeadersOverMean: number(1.1, [1, 100], 'Cruise Control’s limit for leaders.'),
    minLeadersPerBroker: number(20, [0, 100_000], 'With fewer leaders one partition more or less is already 5 %.'),
    minBytesPerSecPerBroker: number(MIB, BYTES, 'Below 1 MiB/s a broker one client decides, and nothing is short.'),
    ...COVERAGE,
  },
});
