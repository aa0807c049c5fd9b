import { COVERAGE, minutes, number, thresholds } from '../threshold.ts';

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
});
