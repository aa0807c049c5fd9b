// Which availability zone a subnet lies in, by the zone's id (`use1-az1`), which means the same in every account.
import type { DescribeSubnetsResult } from '@aws-sdk/client-ec2';
import { type AwsAccess, awsClientConfig } from '../aws-clients.ts';
import type { AzIdsOf } from '../msk/read-nodes.ts';
import { collectPages } from '../pages.ts';

export interface SubnetReader {
  /** One page of those of these subnets that exist; rejects with the SDK's own error. */
  describeSubnets(
    subnetIds: readonly string[],
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<DescribeSubnetsResult>;
}

const MAX_PAGES = 3;

async function createSubnetReader(access: AwsAccess): Promise<SubnetReader> {
  const sdk = await import('@aws-sdk/client-ec2');
  const client = new sdk.EC2Client(awsClientConfig(access));
  return {
    // By filter: an unknown id among `SubnetIds` fails the whole call.
    describeSubnets: (ids, NextToken, abortSignal) =>
      client.send(new sdk.DescribeSubnetsCommand({ Filters: [{ Name: 'subnet-id', Values: [...ids] }], NextToken }), {
        abortSignal,
      }),
  };
}

/** `azIdsOf` over EC2 itself, as the section `nodes` takes it. The client is loaded by the first call. */
export function azIdsByEc2(access: AwsAccess): AzIdsOf {
  return async (subnetIds, signal) => azIdsOf(await createSubnetReader(access), subnetIds, signal);
}

/** Zone id by subnet id; a subnet that AWS does not know, or gives no zone for, is absent. No call without subnets. */
export async function azIdsOf(
  reader: SubnetReader,
  subnetIds: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const ids = [...new Set(subnetIds)];
  if (ids.length === 0) return new Map();
  const { items } = await collectPages(async (token) => {
    const page = await reader.describeSubnets(ids, token, signal);
    return { items: page.Subnets ?? [], nextToken: page.NextToken };
  }, MAX_PAGES);
  return new Map(
    items.flatMap(({ SubnetId, AvailabilityZoneId }) =>
      SubnetId === undefined || AvailabilityZoneId === undefined ? [] : [[SubnetId, AvailabilityZoneId] as const],
    ),
  );
}
