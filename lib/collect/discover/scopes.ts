// Which account is read in which region, with whose credentials.
import type { AwsAccess } from '../aws-clients.ts';
import { CollectError } from '../aws-errors.ts';
import type { DiscoveryRequest } from './discovery.ts';

/** One account in one region. */
export interface Scope {
  /** Null for the caller's own account where it was not named. */
  accountId: string | null;
  region: string;
  /** Null when there is no role to assume for an account that is not the caller's own. */
  access: AwsAccess | null;
}

/** The part of AWS a region belongs to: credentials of one are unknown in the others. https://docs.aws.amazon.com/general/latest/gr/rande.html */
export function partitionOf(region: string): 'aws' | 'aws-cn' | 'aws-us-gov' {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** Throws CollectError `wrong-region` for regions that no credentials reach at once. */
export function assertOnePartition(regions: readonly string[]): void {
  const [first, other] = [...new Map(regions.map((region) => [partitionOf(region), region])).values()];
  if (first === undefined) throw new CollectError('wrong-region', 'No region is named');
  if (other === undefined) return;
  const message = `${first} and ${other} are of different AWS partitions, whose credentials differ: ask for them one after the other`;
  throw new CollectError('wrong-region', message);
}

/** Every account in every region, by account and region. @param ownAccount where `request.accounts` names any */
export function scopesOf(request: DiscoveryRequest, ownAccount: string | null): Scope[] {
  const regions = [...new Set(request.regions)].sort();
  const roles = new Map((request.roleArns ?? []).map((arn) => [arn.split(':')[4] ?? '', arn]));
  const accounts = [...new Set([...(request.accounts ?? []), ...roles.keys()])].sort();
  const named = accounts.length === 0 ? [null] : accounts;
  return named.flatMap((accountId) =>
    regions.map((region) => ({
      accountId,
      region,
      access: accessOf(request, { accountId, region, ownAccount, roles }),
    })),
  );
}

function accessOf(
  request: DiscoveryRequest,
  of: { accountId: string | null; region: string; ownAccount: string | null; roles: ReadonlyMap<string, string> },
): AwsAccess | null {
  const { accountId, region } = of;
  const own = { region, profile: request.profile };
  if (accountId === null) return own;
  const roleArn = of.roles.get(accountId);
  if (roleArn !== undefined) return { ...own, roleArn, externalId: request.externalId };
  if (accountId === of.ownAccount) return own;
  if (request.roleName === undefined) return null;
  const arn = `arn:${partitionOf(region)}:iam::${accountId}:role/${request.roleName.replace(/^\//, '')}`;
  return { ...own, roleArn: arn, externalId: request.externalId };
}
