import { thresholds } from '../threshold.ts';

export const SECURITY = thresholds({
  'transit-plaintext': {},
  'access-unauthenticated': {},
  'cluster-public': {},
  'acl-default-open': {},
  'broker-logs-off': {},
  'key-aws-managed': {},
});
