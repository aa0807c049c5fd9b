import { days, number, percent, thresholds } from '../threshold.ts';

const USD = [0, 1e6] as const;

export const COST = thresholds({
  'brokers-oversized': {
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
    maxCpuP99Percent: percent(35, 'Above a third the load is no longer small, whatever a model says.'),
    minHistoryDays: days(14, 'Two weeks show every weekday twice.'),
    minConfidence: number(0.6, [0, 1], 'Less is a guess, and nobody should resize on one.'),
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
});
