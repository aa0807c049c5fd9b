import { join } from 'node:path';
import type { ClusterShape } from './shape.ts';
import type { TestCa } from './test-ca.ts';

/**
 * The listeners beside the plaintext one. `scram`, `tls`, `mtls` and `iam` are what MSK has on the ports 9096, 9094, 9094 with client
 * certificates, and 9098. A client that starts at a proxied one stays behind the proxies.
 */
export const listenerKinds = ['sasl', 'scram', 'tls', 'mtls', 'iam', 'proxied', 'proxied-sasl', 'proxied-tls'] as const;
export type ListenerKind = (typeof listenerKinds)[number];

export interface Listener {
  kind: ListenerKind;
  port: number;
  /** What clients are told: the proxy's port where there is one, else the same. */
  advertisedPort: number;
}

/** What the listeners check clients against; made for one run. */
export interface ListenerSecrets {
  users: Readonly<Record<string, string>>;
  /** Null without TLS listeners. */
  tls: { ca: TestCa; serverFile: string; iam: IamIdentity } | null;
}

/** The one AWS identity that the brokers know. Its key is made for the run. */
export interface IamIdentity {
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

const PROTOCOLS: Readonly<Record<ListenerKind, string>> = {
  sasl: 'SASL_PLAINTEXT',
  scram: 'SASL_SSL',
  tls: 'SSL',
  mtls: 'SSL',
  iam: 'SASL_SSL',
  proxied: 'PLAINTEXT',
  'proxied-sasl': 'SASL_PLAINTEXT',
  'proxied-tls': 'SSL',
};

export const listenerProtocols: string = listenerKinds
  .map((kind) => `${kind.toUpperCase()}:${PROTOCOLS[kind]}`)
  .join(',');

export function listenersOf({ users, everyListener, proxied }: ClusterShape): ListenerKind[] {
  if (everyListener === true && users === null) throw new Error('every listener needs users');
  const needs: Record<ListenerKind, boolean> = {
    sasl: users !== null,
    scram: everyListener === true,
    tls: everyListener === true,
    mtls: everyListener === true,
    iam: everyListener === true,
    proxied: proxied === true,
    'proxied-sasl': proxied === true && users !== null,
    'proxied-tls': proxied === true && everyListener === true,
  };
  return listenerKinds.filter((kind) => needs[kind]);
}

export function isProxied(kind: ListenerKind): boolean {
  return kind.startsWith('proxied');
}

export function isTls(kind: ListenerKind): boolean {
  return PROTOCOLS[kind].endsWith('SSL');
}

/** `SASL://127.0.0.1:port` for Kafka's `listeners`, or what clients are told. */
export function listenerUrl({ kind, port, advertisedPort }: Listener, side: 'bound' | 'advertised'): string {
  return `${kind.toUpperCase()}://127.0.0.1:${side === 'bound' ? port : advertisedPort}`;
}

/** The settings of one listener, under Kafka's prefix for it. */
export function listenerProperties(kind: ListenerKind, secrets: ListenerSecrets): Record<string, string> {
  const settings = {
    ...(PROTOCOLS[kind] === 'SASL_PLAINTEXT' ? passwordSettings(secrets, ['PLAIN', 'SCRAM-SHA-512']) : {}),
    ...(kind === 'scram' ? passwordSettings(secrets, ['SCRAM-SHA-512']) : {}),
    ...(kind === 'iam' ? iamSettings(secrets) : {}),
    ...(isTls(kind) ? tlsSettings(kind, secrets) : {}),
  };
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`listener.name.${kind}.${key}`, value]));
}

function passwordSettings({ users }: ListenerSecrets, mechanisms: string[]): Record<string, string> {
  const known = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`);
  const modules: Readonly<Record<string, string>> = {
    PLAIN: `org.apache.kafka.common.security.plain.PlainLoginModule required ${known.join(' ')};`,
    'SCRAM-SHA-512': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
  };
  return {
    'sasl.enabled.mechanisms': mechanisms.join(','),
    ...Object.fromEntries(
      mechanisms.map((mechanism) => [`${mechanism.toLowerCase()}.sasl.jaas.config`, modules[mechanism]!]),
    ),
  };
}

export const iamValidatorSource: string = join(import.meta.dirname, 'iam', 'IamTokenValidator.java');

function iamSettings({ tls }: ListenerSecrets): Record<string, string> {
  const known = Object.entries(tls?.iam ?? {}).map(([name, value]) => `${name}="${value}"`);
  return {
    'sasl.enabled.mechanisms': 'OAUTHBEARER',
    'oauthbearer.sasl.jaas.config': `org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required ${known.join(' ')};`,
    'oauthbearer.sasl.server.callback.handler.class': 'IamTokenValidator',
    'oauthbearer.sasl.login.callback.handler.class': 'IamTokenValidator',
  };
}

function tlsSettings(kind: ListenerKind, { tls }: ListenerSecrets): Record<string, string> {
  if (tls === null) throw new Error(`the listener ${kind} needs certificates`);
  const keys = { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': tls.serverFile };
  if (kind !== 'mtls') return keys;
  return {
    ...keys,
    'ssl.client.auth': 'required',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': tls.ca.certificateFile,
  };
}
