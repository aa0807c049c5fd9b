import { COVERAGE, days, hours, minutes, number, percent, thresholds, whole } from '../threshold.ts';

export const CONSUMERS = thresholds({
  'consumer-stalled': {
    commitIntervals: number(
      3,
      [1, 1000],
      'A group that commits every ten minutes is not stalled after two: it must have missed three of its own intervals.',
    ),
  },
  'consumer-stopped': {
    minStillMinutes: minutes(
      15,
      'A group that read until a few minutes ago is more likely being deployed than gone: a deployment is over by then.',
    ),
  },
  'lag-growing': {
    trendHours: number(6, [1, 336], 'Long enough to see past a burst, short enough to act on before retention bites.'),
    minSlopePercentOfProduceRate: percent(1, 'Less than a hundredth of what is produced is noise of the sampling.'),
    maxPValue: number(0.05, [0, 1], 'The usual significance for a Mann-Kendall trend.'),
    ...COVERAGE,
  },
  'time-lag-over-target': {
    sustainedMinutes: minutes(15, 'Three 5-minute periods, as in AWS’s alarms on lag: a deployment is over by then.'),
    shareOfWindowPercent: percent(50, 'Late for most of the day is a lack of capacity, even where it never gets bad.'),
    ...COVERAGE,
  },
  'records-lost-to-retention': {},
  'retention-risk': {
    consumedPercent: percent(
      50,
      'Half of the retained log between the group and its loss: time to act, before the 80 % at which klag warns.',
    ),
    hoursToLoss: hours(24, 'One daily report must lie between the warning and the loss.'),
  },
  'catch-up-capacity-low': {
    minRatio: number(
      1.2,
      [1, 100],
      'A fifth faster than the producers: an hour of outage takes five hours to recover from.',
    ),
    outageMinutes: minutes(30, 'A deployment that went wrong and was taken back.'),
    recoveryHours: hours(4, 'Half a working day of old data after half an hour of outage is too long.'),
    ...COVERAGE,
  },
  'lag-concentrated': {
    lagSharePercent: percent(80, 'Four fifths of the lag: the rest of the partitions keeps up.'),
    partitionSharePercent: percent(20, 'A fifth of the partitions; topics with fewer than five are too small to tell.'),
    hotTimesMedian: number(3, [1, 1000], 'Thrice what the other partitions receive is a hot key, less is chance.'),
  },
  'rebalances-frequent': {
    missingPercent: percent(5, 'More than an hour of a day without a stable group: the bad point of the KPI.'),
  },
  'offset-rewound': {},
  'members-idle': {
    standbyPerZone: whole(1, [0, 100], 'One spare member in each availability zone takes over at once, and is meant.'),
  },
  'assignment-uneven': {
    minEfficiencyPercent: percent(
      75,
      'Below three quarters a member more or less changes nothing for the busiest one.',
    ),
    trafficTimesMean: number(1.5, [1, 100], 'The busiest member has half as much again to do as the mean one.'),
  },
  'assignor-eager': {
    minMembers: whole(4, [2, 10_000], 'With three members or fewer a rebalance is short.'),
    minPartitions: whole(12, [1, 100_000], 'With a dozen partitions all of them stand still for the move of one.'),
    missingPercent: percent(1, 'A quarter of an hour of a day in rebalances makes the kind of rebalance matter.'),
  },
  'group-abandoned': {
    idleDays: days(7, 'A week covers every weekly job.'),
    expiryHours: hours(24, 'The last daily report before Kafka forgets the offsets.'),
  },
  'group-invisible': COVERAGE,
  'transaction-hanging': {
    minOpenMinutes: minutes(60, 'Beyond any transaction.max.timeout.ms in use; no producer commits so late.'),
  },
  'groups-too-many': {
    perCluster: whole(
      1000,
      [1, 1_000_000],
      'Our judgement: beyond this most groups are leftovers, and each costs its coordinator memory.',
    ),
    perBroker: whole(100, [1, 100_000], 'Each broker coordinates its share of the groups, in memory.'),
    serverlessPercent: percent(80, 'A fifth of the quota left is time to clean up before new groups are refused.'),
  },
  'dead-letter-growing': {
    minRobustZ: number(3.5, [0, 1000], 'The usual border of an outlier (Iglewicz and Hoaglin).'),
    minChangePercent: number(20, [0, 10_000], 'Less than a fifth above the usual is chance.'),
    spreadFloorPercent: percent(2, 'A steady rate has next to no spread: a fiftieth of it stands in.'),
  },
});
