// The identity of a finding: stable over severity, numbers, wording and versions, so that history can follow it.
import type { Scope } from '../checks/check.ts';
import type { CheckId } from '../policy/thresholds/index.ts';
import { shortHash } from '../text/hash.ts';

/**
 * `checkId:` and twelve hex digits over the cluster's identity (MSK uuid, Kafka cluster id or name), scope and resource.
 * 48 bits: among 10,000 findings of one check the chance of any collision is below 2e-7.
 */
export function findingId(checkId: CheckId, clusterIdentity: string, scope: Scope, resource: string): string {
  // Lengths in front keep ('a', 'bc') and ('ab', 'c') apart whatever characters the names hold.
  const joined = [clusterIdentity, scope, resource].map((part) => `${part.length}:${part}`).join('');
  return `${checkId}:${shortHash(joined)}`;
}
