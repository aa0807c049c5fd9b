// The identity of a finding: stable over severity, numbers, wording and versions, so that history can follow it.
import type { Scope } from '../checks/check.ts';
import type { CheckId } from '../policy/thresholds.ts';

/**
 * `checkId:` and twelve hex digits over the cluster's identity (MSK uuid, Kafka cluster id or name), scope and resource.
 * 48 bits: among 10,000 findings of one check the chance of any collision is below 2e-7.
 */
export function findingId(checkId: CheckId, clusterIdentity: string, scope: Scope, resource: string): string {
  // Lengths in front keep ('a', 'bc') and ('ab', 'c') apart whatever characters the names hold.
  const joined = [clusterIdentity, scope, resource].map((part) => `${part.length}:${part}`).join('');
  return `${checkId}:${shortHash(joined)}`;
}

/** Two murmur-style 32-bit lanes with a final mix (the public-domain cyrb53 construction), cut to twelve hex digits. */
function shortHash(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  const hex = (lane: number) => (lane >>> 0).toString(16).padStart(8, '0');
  return hex(low) + hex(high).slice(0, 4);
}
