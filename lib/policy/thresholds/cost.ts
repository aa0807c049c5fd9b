import { days, number, percent, thresholds } from '../threshold.ts';

const USD = [0, 1e6] as const;

/** What brokers must keep within to be enough: the questions of size and of type have the same answer. */
const SIZING = {
  cpuPercent: percent(60, 'AWS: keep CPU under 60 % (MSK best practices).'),
  cpuAfterAzLossPercent: percent(85, 'With one zone lost the rest must still answer.'),
  diskTargetPercent: number(60, [1, 100], 'Fill level to size volumes for.'),
  throughputTargetPercent: number(80, [1, 100], 'AWS advises to stay at 80 % of what brokers sustain.'),
  growthDays: days(90, 'A change of size should last for a quarter.'),
  peakMargin: number(
    { balanced: 1.2, latency: 1.3, throughput: 1.2, durability: 1.2, cost: 1.2 },
    [1, 10],
    'Peaks come larger than the last ones; where latency counts, queues must stay short.',
  ),
  minHistoryDays: days(14, 'Two weeks show every weekday twice.'),
  minConfidence: number(0.6, [0, 1], 'Less is a guess, and nobody should resize on one.'),
};

export const COST = thresholds({
  'brokers-oversized': {
    ...SIZING,
    maxCpuP99Percent: percent(35, 'Above a third the load is no longer small, whatever a model says.'),
    minSavingPercent: percent(10, 'Less is not worth a rolling restart.'),
    minSavingUsdPerMonth: number(50, USD, 'Less is not worth a rolling restart.'),
  },
  'ebs-oversized': {
    maxUsedPercent: percent(30, 'Twice as full it would still be at 60 %.'),
    alarmPercent: number(85, [1, 100], 'AWS’s own alarm line (MSK best practices).'),
    minDaysToAlarm: days(180, 'What grows into its volume within half a year is not too large.'),
    targetPercent: number(60, [1, 100], 'Fill level to size volumes for.'),
    minSavingUsdPerMonth: number(50, USD, 'Less is no argument in a decision on a new cluster.'),
  },
  'graviton-available': {},
  'monitoring-overpaid': {
    maxBillPercent: percent(5, 'One part in twenty of the cluster for watching it by topic.'),
    maxUsdPerMonth: number(50, USD, 'Below it nobody need think about it.'),
  },
  'topics-unused': {
    minIdleDays: days(
      28,
      'Four weeks, as far back as hours are kept: a job of every month has run once, one of the month’s end may not.',
    ),
  },
  'provisioned-throughput-unused': {
    maxUsedPercent: percent(60, 'Of what the volume gives by itself: the rest is for catching up.'),
    minHistoryDays: days(14, 'Two weeks show every weekday twice.'),
  },
  'cluster-type-costlier': {
    ...SIZING,
    minSavingPercent: percent(20, 'A migration takes weeks, and the old cluster is paid for meanwhile.'),
    minSavingUsdPerMonth: number(200, USD, 'Less does not pay for a migration within a year.'),
  },
});
