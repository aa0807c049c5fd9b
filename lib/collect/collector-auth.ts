// Authentication on its way to the collector and back. Apart from invoke-collector.ts, so that the collector's bundle holds no AWS client.
import type { CollectorAuth, CollectorRequest } from './collector-wire.ts';
import { type KafkaAuth, trustOf } from './kafka/kafka-auth.ts';

/** Credentials of IAM stay here: the collector has its own role. */
export function wireAuthOf(auth: KafkaAuth): { auth: CollectorAuth; tls: boolean } {
  switch (auth.kind) {
    case 'none':
      return { auth: { kind: 'none' }, tls: false };
    case 'tls':
    case 'mtls':
      return { auth: { ...auth }, tls: true };
    case 'iam':
      return { auth: { kind: 'iam', region: auth.region, ...trustOf(auth) }, tls: true };
    case 'scram':
    case 'plain': {
      const { tls, ...rest } = auth;
      return { auth: rest, tls };
    }
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
      return { kind: 'none' };
    case 'tls':
      return { kind: 'tls', ...trustOf(auth) };
    case 'iam':
      return { kind: 'iam', region: auth.region, credentials, ...trustOf(auth) };
    case 'mtls':
      return { kind: 'mtls', cert: auth.cert, key: auth.key, ...trustOf(auth) };
    case 'scram':
    case 'plain':
      return { kind: auth.kind, username: auth.username, password: auth.password, tls, ...trustOf(auth) };
  }
}
