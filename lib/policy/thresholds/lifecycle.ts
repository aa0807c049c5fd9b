import { days, thresholds } from '../threshold.ts';

export const LIFECYCLE = thresholds({
  'version-unsupported': {
    highDays: days(
      60,
      'After the end MSK may upgrade the cluster by itself: two months are one careful rolling upgrade with tests.',
      { below: 'mediumDays' },
    ),
    maxTableAgeDays: days(
      90,
      'AWS announces ends of support months ahead: an older copy of its table may lack one, and proves nothing alone.',
    ),
    mediumDays: days(180, 'Half a year: time to plan the upgrade and to test the clients.'),
  },
  'metadata-zookeeper': {},
  'instance-burstable-in-production': {},
  'monitoring-level-low': {},
});
