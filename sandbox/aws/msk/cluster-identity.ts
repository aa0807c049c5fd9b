import { createHash } from 'node:crypto';
import type { KafkaCluster } from '../../kafka/cluster.ts';
import { AWS_ACCOUNT, AWS_REGION } from '../identity.ts';

/** How the real cluster is known to AWS. The ARN's uuid follows from Kafka's cluster id, so one cluster keeps one ARN. */
export interface ClusterIdentity {
  name: string;
  arn: string;
  uuid: string;
  configurationArn: string;
}

export function identityOf(cluster: KafkaCluster, name: string): ClusterIdentity {
  const uuid = `${uuidFrom(cluster.clusterId)}-3`;
  const prefix = `arn:aws:kafka:${AWS_REGION}:${AWS_ACCOUNT}`;
  const configurationUuid = `${uuidFrom(`configuration of ${cluster.clusterId}`)}-3`;
  return {
    name,
    uuid,
    arn: `${prefix}:cluster/${name}/${uuid}`,
    configurationArn: `${prefix}:configuration/${name}/${configurationUuid}`,
  };
}

export function uuidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
