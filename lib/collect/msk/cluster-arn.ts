// The identity that the ARN of an MSK cluster carries.
import { CollectError } from '../aws-errors.ts';

export interface ClusterArn {
  arn: string;
  partition: 'aws' | 'aws-cn' | 'aws-us-gov';
  region: string;
  accountId: string;
  name: string;
  uuid: string;
}

// Names: 1-64 letters, digits and hyphens (CreateClusterV2). The part after the name is `<uuid>-<suffix>`.
const CLUSTER_ARN =
  /^arn:(?<partition>aws|aws-cn|aws-us-gov):kafka:(?<region>[a-z]{2}(?:-[a-z]+)+-\d):(?<accountId>\d{12}):cluster\/(?<name>[A-Za-z0-9-]{1,64})\/(?<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:-[a-z0-9]+)?)$/;

const EXPECTED = 'arn:aws:kafka:<region>:<account>:cluster/<name>/<uuid>';

/** Parts of a cluster's ARN. Throws CollectError `bad-arn` with one line that says what is wrong and what is expected. */
export function parseClusterArn(text: string): ClusterArn {
  const arn = text.trim();
  const parts = CLUSTER_ARN.exec(arn)?.groups as Omit<ClusterArn, 'arn'> | undefined;
  if (parts === undefined) throw new CollectError('bad-arn', `${problemOf(arn)}; expected ${EXPECTED}`);
  return {
    arn,
    partition: parts.partition,
    region: parts.region,
    accountId: parts.accountId,
    name: parts.name,
    uuid: parts.uuid,
  };
}

/** Throws CollectError `wrong-region` when the user names a region that is not the ARN's. */
export function assertRegion(cluster: ClusterArn, wantedRegion: string | undefined): void {
  if (wantedRegion === undefined || wantedRegion === cluster.region) return;
  throw new CollectError(
    'wrong-region',
    `The cluster's ARN is of region ${cluster.region}, not ${wantedRegion}: leave out --region`,
  );
}

function problemOf(arn: string): string {
  const shown = JSON.stringify(arn.length > 200 ? `${arn.slice(0, 200)}...` : arn);
  const [prefix, partition, service, region, account, resource] = arn.split(':');
  if (prefix !== 'arn') return `${shown} is not an ARN`;
  if (!['aws', 'aws-cn', 'aws-us-gov'].includes(partition ?? '')) return `${shown} has an unknown partition`;
  if (service !== 'kafka') return `${shown} is not of Amazon MSK (service "kafka")`;
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region ?? '')) return `${shown} has no valid region`;
  if (!/^\d{12}$/.test(account ?? '')) return `${shown} has no 12-digit account id`;
  if (!resource?.startsWith('cluster/')) return `${shown} names no cluster`;
  return `${shown} is not the whole ARN of a cluster: the name or the uuid is wrong`;
}
