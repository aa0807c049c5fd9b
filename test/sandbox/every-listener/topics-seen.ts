import { readFileSync } from 'node:fs';
import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import type { KafkaCluster } from '../../../sandbox/kafka/cluster.ts';
import type { ListenerKind } from '../../../sandbox/kafka/listeners.ts';
import type { IssuedCertificate } from '../../../sandbox/kafka/test-ca.ts';

type Credentials = Pick<KafkaConfig, 'sasl' | 'ssl'>;

/** The topics a client may see. Rejects where it is not let in: kafkajs connects with a refused token too, but then hears nothing. */
export async function topicsSeen(
  cluster: KafkaCluster,
  kind: ListenerKind,
  credentials: Credentials,
): Promise<string[]> {
  const brokers = cluster.bootstrapOf(kind).split(',');
  const retry = { retries: 0 };
  const admin = new Kafka({ brokers, clientId: 'test', logLevel: logLevel.NOTHING, retry, ...credentials }).admin();
  try {
    await admin.connect();
    return await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
}

export function trusting(cluster: KafkaCluster): { ca: string[] } {
  return { ca: [readFileSync(cluster.ca!.certificateFile, 'utf8')] };
}

export function withCertificate(
  cluster: KafkaCluster,
  { certificateFile, keyFile }: IssuedCertificate,
): { ca: string[]; cert: string; key: string } {
  return { ...trusting(cluster), cert: readFileSync(certificateFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}
