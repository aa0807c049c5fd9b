import type { AwsCredentials } from './iam-token.ts';

/** How to introduce ourselves to the brokers. Never logged, never part of a detail or a section. */
export type KafkaAuth =
  | { kind: 'none' }
  | { kind: 'tls' }
  | { kind: 'mtls'; cert: string; key: string; ca?: string }
  | { kind: 'scram' | 'plain'; username: string; password: string; tls: boolean }
  | { kind: 'iam'; region: string; credentials: () => Promise<AwsCredentials> };

/** The SASL mechanism of an authentication, by Kafka's name; null for none. MSK takes SCRAM with SHA-512 only. */
export function mechanismOf(auth: KafkaAuth): string | null {
  if (auth.kind === 'scram') return 'SCRAM-SHA-512';
  if (auth.kind === 'plain') return 'PLAIN';
  return auth.kind === 'iam' ? 'OAUTHBEARER' : null;
}

/** Options for node:tls, or null for a plaintext connection. */
export function tlsOptionsOf(auth: KafkaAuth): object | null {
  if (auth.kind === 'tls' || auth.kind === 'iam') return {};
  if (auth.kind === 'none') return null;
  if (auth.kind !== 'mtls') return auth.tls ? {} : null;
  return { cert: auth.cert, key: auth.key, ...(auth.ca === undefined ? {} : { ca: auth.ca }) };
}
