import { COVERAGE, minutes, number, percent, SUSTAINED, thresholds, whole } from '../threshold.ts';

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
});
