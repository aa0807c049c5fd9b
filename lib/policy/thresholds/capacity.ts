import { COVERAGE, number, percent, SUSTAINED, thresholds } from '../threshold.ts';

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
});
