import type { AwsCredentials } from './iam-token.ts';

/** PEM text of the authority to trust in place of the public ones. */
interface Trust {
  ca?: string;
}

/** How to introduce ourselves to the brokers. Never logged, never part of a detail or a section. */
export type KafkaAuth =
  | { kind: 'none' }
  | ({ kind: 'tls' } & Trust)
  | ({ kind: 'mtls'; cert: string; key: string } & Trust)
  | ({ kind: 'scram' | 'plain'; username: string; password: string; tls: boolean } & Trust)
  | ({ kind: 'iam'; region: string; credentials: () => Promise<AwsCredentials> } & Trust);

/** The SASL mechanism of an authentication, by Kafka's name; null for none. MSK takes SCRAM with SHA-512 only. */
export function mechanismOf(auth: KafkaAuth): string | null {
  if (auth.kind === 'scram') return 'SCRAM-SHA-512';
  if (auth.kind === 'plain') return 'PLAIN';
  return auth.kind === 'iam' ? 'OAUTHBEARER' : null;
}

/** Options for node:tls, or null for a plaintext connection. */
export function tlsOptionsOf(auth: KafkaAuth): object | null {
  if (auth.kind === 'none') return null;
  if ((auth.kind === 'scram' || auth.kind === 'plain') && !auth.tls) return null;
  return auth.kind === 'mtls' ? { cert: auth.cert, key: auth.key, ...trustOf(auth) } : trustOf(auth);
}

/** The authority alone, for another shape of the same authentication. */
export function trustOf({ ca }: { ca?: string | undefined }): Trust {
  return ca === undefined ? {} : { ca };
}
