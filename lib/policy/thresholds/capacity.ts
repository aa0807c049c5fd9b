import { COVERAGE, days, hours, minutes, number, percent, SUSTAINED, thresholds, whole } from '../threshold.ts';

export const CAPACITY = thresholds({
  'disk-used-high': {
    mediumPercent: percent(
      70,
      'Time to plan: an expansion has a cooldown of six hours and up to a day of optimisation.',
      {
        below: 'highPercent',
      },
    ),
    highPercent: percent(85, 'AWS’s own alarm line (MSK best practices).', { below: 'criticalPercent' }),
    criticalPercent: percent(95, 'A burst or one re-replication fills the rest; a full volume stops the broker.'),
    targetPercent: number(
      60,
      [1, 100],
      'Fill level to size an expansion for, so that it is not needed again within weeks.',
      { below: 'highPercent' },
    ),
    ...COVERAGE,
  },
  'disk-full-forecast': {
    thresholdPercent: percent(85, 'AWS’s own alarm line (MSK best practices): above it one burst fills the volume.'),
    highDays: days(7, 'A week: two expansions with their cooldown, and a weekend.', { below: 'mediumDays' }),
    mediumDays: days(30, 'A month: time to shorten retention or to plan an expansion.'),
    targetPercent: number(60, [1, 100], 'Fill level to size an expansion for.', { below: 'thresholdPercent' }),
    ...COVERAGE,
  },
  'cpu-high': {
    mediumPercent: percent(
      60,
      'AWS: keep CpuUser + CpuSystem under 60 %, so that a lost broker’s load can be carried (MSK best practices).',
      { below: 'highPercent' },
    ),
    highPercent: percent(70, 'AWS advises against moving partitions above 70 %: from here on growth has no way out.', {
      below: 'criticalPercent',
    }),
    criticalPercent: percent(80, 'Above four fifths one broker less is an outage.'),
    ...SUSTAINED,
    ...COVERAGE,
  },
  'failure-headroom-low': {
    maxCpuPercent: number(100, [1, 200], 'More CPU than there is: what is left cannot carry the load.'),
    ...COVERAGE,
  },
  'ebs-throughput-near-limit': {
    limitPercent: percent(80, 'Above four fifths of a volume’s throughput requests queue at it.'),
    minMinutes: minutes(15, 'A quarter of an hour in a row: a segment that rolls or a short catch-up is over by then.'),
    maxIoWaitPercent: percent(
      10,
      'CPU that waits for the disk for a tenth of the time, where volumes publish nothing.',
    ),
    ...SUSTAINED,
    ...COVERAGE,
  },
  'heap-after-gc-high': {
    mediumPercent: percent(60, 'AWS: an alarm at 60 % of the heap after garbage collection (MSK best practices).', {
      below: 'highPercent',
    }),
    highPercent: percent(80, 'Collections follow each other, and the pauses drop brokers from the ISR.'),
    ...SUSTAINED,
    ...COVERAGE,
  },
  'iam-connections-near-limit': {
    limitPercent: percent(80, 'A deployment that doubles its clients for minutes still gets in.'),
    minMinutes: minutes(15, 'Three alarm periods in a row.'),
    refusedMinutes: minutes(5, 'One period of CloudWatch in which connections were refused.'),
    ...COVERAGE,
  },
  'storage-autoscaling-absent': {
    diskMediumPercent: percent(50, 'AWS’s review: half full and nobody would enlarge it.', {
      below: 'diskHighPercent',
    }),
    diskHighPercent: percent(70, 'From here on an expansion must be begun by hand, in time.'),
    minTargetPercent: percent(
      50,
      'AWS advises a target of 50 to 60 %; below it, storage is bought that nobody needs.',
      {
        below: 'maxTargetPercent',
      },
    ),
    maxTargetPercent: percent(
      60,
      'AWS advises a target of 50 to 60 %: one step is 10 %, and the next waits six hours.',
      {
        below: 'lateTargetPercent',
      },
    ),
    lateTargetPercent: percent(80, 'A target above 80 % begins when the alarm has already rung.'),
  },
  'express-storage-growing': {
    maxGrowthPercent: number(20, [0, 1000], 'A fifth more in a month is a fifth more on the bill.'),
    maxTrafficGrowthPercent: number(10, [0, 1000], 'With more traffic more storage is no surprise.'),
    minGrowthGiB: number(10, [0, 1e6], 'A dollar a month is nobody’s concern.'),
    overExpected: number(1.3, [1, 100], 'Segments, indexes and deletes that wait explain up to a third.'),
    threeCopiesFrom: number(
      2.4,
      [1, 10],
      'Four fifths of three copies: AWS’s pages disagree on whether replicas are counted.',
    ),
    minHistoryHours: whole(168, [24, 672], 'A week of hours: less shows no weekend.'),
    ...COVERAGE,
  },
  'cpu-credits-low': {
    minCredits: number(100, [0, 576], 'AWS’s alarm for t3 brokers: 100 of at most 576 credits.'),
    minMinutes: minutes(15, 'Three periods in a row.'),
    hoursToZero: hours(24, 'One daily report must lie between the warning and the broker at 20 % of its CPU.'),
    ...COVERAGE,
  },
  'quota-near': {
    maxPercent: percent(80, 'A request for a higher quota takes days; a redesign takes weeks.'),
  },
  'ebs-burst-depleting': {
    mediumPercent: percent(50, 'Half of the credit is gone: the volume works above its baseline.'),
    highPercent: percent(20, 'At zero the volume falls to its baseline at once.', { below: 'mediumPercent' }),
    hoursToZero: hours(24, 'One daily report must lie between the warning and the end of the credit.'),
    ...COVERAGE,
  },
  'page-cache-short': {
    minSeconds: number(30, [1, 86_400], 'Kafka’s advice on hardware: memory for 30 seconds of writes.'),
    readSharePercent: percent(5, 'Consumers at the end of the log read nothing from disk; a twentieth is no chance.'),
    minMiBPerSec: number(1, [0, 10_000], 'A late reader of less does not push others out of the cache.'),
    ...COVERAGE,
  },
  'memory-pressure': {
    maxUsedPercent: percent(85, 'Of the memory, page cache not counted: what is left is all the cache there is.'),
    maxDescriptorsPercent: percent(
      80,
      'A broker without file descriptors refuses connections and cannot open segments.',
    ),
    maxMapsPercent: percent(80, 'A broker without memory maps crashes when it rolls a segment.'),
    ...SUSTAINED,
    ...COVERAGE,
  },
  'connection-churn-high': {
    maxRenewedPerSec: number(
      0.05,
      [0, 10],
      'A twentieth of all connections is new every second: none lives for a minute.',
    ),
    minNewPerSec: number(1, [0, 1000], 'With a handful of connections one deployment is already a large share.'),
    maxNewPerSec: number(80, [0, 1000], 'MSK takes 100 new IAM connections a second on a broker.'),
    busyNewPerSec: number(20, [0, 1000], 'TLS handshakes weigh on network threads that are busy already.', {
      below: 'maxNewPerSec',
    }),
    busyThreadsPercent: percent(50, 'Network threads that are busy for half of the time.'),
    leakPercentPerWeek: number(
      20,
      [0, 1000],
      'Connections that grow by a fifth a week without more traffic are leaked.',
    ),
    flatTrafficPercentPerWeek: number(10, [0, 1000], 'More traffic brings more clients.'),
    minHistoryHours: whole(168, [24, 672], 'A week of hours: less shows no weekend.'),
    minConnections: whole(100, [0, 100_000], 'Below, one client more or less is already a share.'),
    ...SUSTAINED,
    ...COVERAGE,
  },
});
