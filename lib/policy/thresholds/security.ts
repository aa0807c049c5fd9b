import { thresholds } from '../threshold.ts';

export const SECURITY = thresholds({
  'transit-plaintext': {},
  'access-unauthenticated': {},
  'cluster-public': {},
});
