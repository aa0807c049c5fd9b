import { createRequire } from 'node:module';
import { Writer } from '../bridge/kafka/buffers.ts';
import { BrokerConnection } from '../bridge/kafka/connection.ts';
import { kafkaClient } from '../workload/client.ts';
import type { KafkaCluster } from './cluster.ts';
import { waitUntil } from './readiness.ts';

// Node does not see these among the exports of a CommonJS module.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = createRequire(
  import.meta.url,
)('kafkajs') as typeof import('kafkajs');

/** What a principal may do, in the words of `kafka-acls`. The cluster's own name is `kafka-cluster`; `*` stands for all. */
export interface Acl {
  resource: 'CLUSTER' | 'TOPIC' | 'GROUP' | 'TRANSACTIONAL_ID';
  name: string;
  operation: Exclude<keyof typeof AclOperationTypes, 'UNKNOWN' | 'ANY'>;
}

/** Sees everything, changes nothing, and reads no record. */
export const readOnlyAcls: readonly Acl[] = [
  { resource: 'CLUSTER', name: 'kafka-cluster', operation: 'DESCRIBE' },
  { resource: 'CLUSTER', name: 'kafka-cluster', operation: 'DESCRIBE_CONFIGS' },
  { resource: 'TOPIC', name: '*', operation: 'DESCRIBE' },
  { resource: 'TOPIC', name: '*', operation: 'DESCRIBE_CONFIGS' },
  { resource: 'GROUP', name: '*', operation: 'DESCRIBE' },
];

/**
 * Makes these the ACLs of a principal (`User:reader`, `User:CN=reader`), whatever it had; none takes all away. Resolves once every
 * broker that is up goes by them.
 */
export async function setAcls(cluster: KafkaCluster, principal: string, acls: readonly Acl[]): Promise<void> {
  const admin = kafkaClient(cluster.bootstrap, 'sandbox-admin').admin();
  await admin.connect();
  try {
    const anything = { resourceType: AclResourceTypes.ANY, resourcePatternType: ResourcePatternTypes.ANY };
    const any = { operation: AclOperationTypes.ANY, permissionType: AclPermissionTypes.ANY };
    await admin.deleteAcls({ filters: [{ ...anything, principal, ...any }] });
    const entries = acls.map(({ resource, name, operation }) => ({
      resourceType: AclResourceTypes[resource],
      resourceName: name,
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal,
      host: '*',
      operation: AclOperationTypes[operation],
      permissionType: AclPermissionTypes.ALLOW,
    }));
    if (entries.length > 0) await admin.createAcls({ acl: entries });
  } finally {
    await admin.disconnect();
  }
  const wanted = acls
    .map(({ resource, name, operation }) => `${AclResourceTypes[resource]} ${name} ${AclOperationTypes[operation]}`)
    .sort();
  for (const { port } of cluster.brokers.filter(({ alive }) => alive)) {
    const connection = await BrokerConnection.open(port);
    await waitUntil(`the ACLs of ${principal}`, 10_000, async () => {
      const known = await listAcls(connection, principal);
      return known.join('\n') === wanted.join('\n');
    }).finally(() => connection.close());
  }
}

/** As this very broker's authorizer has them (DescribeAcls v1): they reach the brokers one after the other. */
async function listAcls(connection: BrokerConnection, principal: string): Promise<string[]> {
  const body = new Writer().int8(AclResourceTypes.ANY).string(null).int8(ResourcePatternTypes.ANY);
  body.string(principal).string(null).int8(AclOperationTypes.ANY).int8(AclPermissionTypes.ANY);
  const answer = await connection.request(29, 1, body.bytes());
  answer.int32();
  answer.int16();
  answer.string();
  const resources = answer.array(() => {
    const resource = answer.int8();
    const name = answer.string();
    answer.int8();
    return answer.array(() => {
      answer.string();
      answer.string();
      const operation = answer.int8();
      answer.int8();
      return `${resource} ${name} ${operation}`;
    });
  });
  return resources.flat().sort();
}
