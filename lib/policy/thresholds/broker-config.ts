import { number, thresholds, whole } from '../threshold.ts';

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
});
