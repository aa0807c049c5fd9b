import { days, TABLE_AGE, thresholds } from '../threshold.ts';

export const LIFECYCLE = thresholds({
  'version-unsupported': {
    highDays: days(
      60,
      'After the end MSK may upgrade the cluster by itself: two months are one careful rolling upgrade with tests.',
      { below: 'mediumDays' },
    ),
    ...TABLE_AGE,
    mediumDays: days(180, 'Half a year: time to plan the upgrade and to test the clients.'),
  },
  'metadata-zookeeper': {},
  'instance-burstable-in-production': {},
  'monitoring-level-low': {},
});
