import { COVERAGE, number, percent, SUSTAINED, thresholds, whole } from '../threshold.ts';

export const BROKER_CONFIG = thresholds({
  'rack-selector-missing': {
    minFanOut: number(1, [0, 1000], 'Whoever reads less than is written has little to gain.'),
    minSavingUsdPerMonth: number(
      50,
      [0, 1e6],
      'Less is not worth a restart of the brokers and a change at the consumers.',
    ),
    minZones: whole(2, [2, 10], 'Consumers of one zone would turn all reads to that zone’s brokers.'),
  },
  'flush-forced': {},
  'io-threads-low': {
    busyPercent: percent(50, 'Handlers that are half busy, with cores to spare, are too few.', {
      below: 'veryBusyPercent',
    }),
    veryBusyPercent: percent(70, 'Kafka’s own advice: at least 30 % idle.'),
    maxCpuPercent: percent(60, 'Above it the cores are short, and more threads only add switches.'),
    ...SUSTAINED,
    ...COVERAGE,
  },
  'replica-fetchers-low': {
    maxCpuPercent: percent(50, 'Fetchers cost CPU: only with half of it idle.'),
    minRemoteSharePercent: percent(50, 'More than half of the time of a write is the wait for followers.'),
    minRemoteMs: number(5, [0, 60_000], 'A few milliseconds are the network between the zones.'),
    maxFollowerQueueMs: number(5, [0, 60_000], 'A longer queue says that the leader is slow to answer its followers.'),
    ...COVERAGE,
  },
});
