import { COVERAGE, days, hours, number, percent, SUSTAINED, thresholds } from '../threshold.ts';

export const TOPIC_CONFIG = thresholds({
  'retention-unbounded': {
    diskPercent: percent(85, 'AWS’s own alarm line for disks (MSK best practices).'),
  },
  'retention-overlong': {
    minStorageSharePercent: percent(5, 'What lies in a smaller topic is not worth a talk with its owner.'),
    maxReadHours: hours(24, 'Who reads within a day needs no weeks.'),
    maxDays: days(7, 'Kafka’s own default: nobody has asked for more.'),
    minLagFactor: number(2, [1, 100], 'Twice what the slowest group needs is reserve enough.'),
  },
  'tiering-candidate': {
    minColdGiB: number(500, [0, 1e9], 'Less does not pay for a change that cannot be taken back.'),
    maxReadHours: hours(24, 'What is read within a day stays on the brokers.'),
    localHours: hours(24, 'What would stay on the brokers.'),
    diskEarlyDays: days(30, 'A disk that is full within a month needs a way out.'),
    diskPercent: percent(85, 'AWS’s own alarm line for disks (MSK best practices).'),
  },
  'tiering-misconfigured': {
    trendHours: hours(6, 'Copying pauses for hours while a broker restarts; a backlog that grows for six does not.'),
    maxPValue: number(0.05, [0, 1], 'The usual significance for a Mann-Kendall trend.'),
    ...SUSTAINED,
    ...COVERAGE,
  },
});
