// Topics and permissions that the tests of odd clusters make.
import { type AclOperationTypes, AclPermissionTypes, type AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import { kafkaClient } from '../../../sandbox/workload/client.ts';

/** JavaScript's own names, options of command line tools, and the longest there is. */
export const ODD_TOPICS = ['__proto__', 'constructor', 'prototype', 'toString', '--topic', '-rf', 'x'.repeat(249)];
/** In `constructor`: more than a group may be behind without anybody minding. */
export const WAITING_RECORDS = 20_000;

/** Fifty records in each, all with one partition; one has many. */
export async function createOddTopics(bootstrap: string): Promise<void> {
  const kafka = kafkaClient(bootstrap, 'odd-topics');
  const [admin, producer] = [kafka.admin(), kafka.producer()];
  await Promise.all([admin.connect(), producer.connect()]);
  try {
    await admin.createTopics({
      topics: ODD_TOPICS.map((topic) => ({ topic, numPartitions: 1, replicationFactor: 1 })),
    });
    const messages = Array.from({ length: 50 }, (_, index) => ({ value: String(index) }));
    for (const topic of ODD_TOPICS) await producer.send({ topic, messages });
    const many = Array.from({ length: 5_000 }, () => ({ value: 'x' }));
    for (let sent = 0; sent < WAITING_RECORDS; sent += many.length) {
      await producer.send({ topic: 'constructor', messages: many });
    }
  } finally {
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  }
}

export async function allow(
  bootstrap: string,
  resourceType: AclResourceTypes,
  resourceName: string,
  operation: AclOperationTypes,
): Promise<void> {
  const admin = kafkaClient(bootstrap, 'odd-acls').admin();
  await admin.connect();
  const rule = { resourceType, resourceName, operation, principal: 'User:reader', host: '*' };
  await admin.createAcls({
    acl: [{ ...rule, resourcePatternType: ResourcePatternTypes.LITERAL, permissionType: AclPermissionTypes.ALLOW }],
  });
  await admin.disconnect();
}
