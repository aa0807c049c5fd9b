// Authentication on its way to the collector and back. Apart from invoke-collector.ts, so that the collector's bundle holds no AWS client.
import type { CollectorAuth, CollectorRequest } from './collector-wire.ts';
import type { KafkaAuth } from './kafka/kafka-auth.ts';

/** Credentials of IAM stay here: the collector has its own role. */
export function wireAuthOf(auth: KafkaAuth): { auth: CollectorAuth; tls: boolean } {
  switch (auth.kind) {
    case 'none':
      return { auth: { kind: 'none' }, tls: false };
    case 'tls':
      return { auth: { kind: 'tls' }, tls: true };
    case 'iam':
      return { auth: { kind: 'iam', region: auth.region }, tls: true };
    case 'mtls':
      return { auth: { ...auth }, tls: true };
    case 'scram':
    case 'plain':
      return { auth: { kind: auth.kind, username: auth.username, password: auth.password }, tls: auth.tls };
  }
}

/** The way back, for the collector; `credentials` are those of its own role. */
export function kafkaAuthOf(
  request: Pick<CollectorRequest, 'auth' | 'tls'>,
  credentials: Extract<KafkaAuth, { kind: 'iam' }>['credentials'],
): KafkaAuth {
  const { auth, tls } = request;
  switch (auth.kind) {
    case 'none':
    case 'tls':
      return { kind: auth.kind };
    case 'iam':
      return { kind: 'iam', region: auth.region, credentials };
    case 'mtls':
      return { kind: 'mtls', cert: auth.cert, key: auth.key, ...(auth.ca === undefined ? {} : { ca: auth.ca }) };
    case 'scram':
    case 'plain':
      return { kind: auth.kind, username: auth.username, password: auth.password, tls };
  }
}
