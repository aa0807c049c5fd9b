import { COVERAGE, hours, number, percent, thresholds } from '../threshold.ts';

export const CONSUMERS = thresholds({
  'consumer-stalled': {},
  'consumer-stopped': {},
  'lag-growing': {
    trendHours: number(6, [1, 336], 'Long enough to see past a burst, short enough to act on before retention bites.'),
    minSlopePercentOfProduceRate: percent(1, 'Less than a hundredth of what is produced is noise of the sampling.'),
    maxPValue: number(0.05, [0, 1], 'The usual significance for a Mann-Kendall trend.'),
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
});
