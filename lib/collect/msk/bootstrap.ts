// Bootstrap strings: which the cluster offers, and which one fits the way of authentication.
import type { GetBootstrapBrokersResponse } from '@aws-sdk/client-kafka';

/** Ways to authenticate that an MSK listener offers, as `--auth` names them. `plain` exists on no MSK listener. */
export const MSK_AUTHS = ['iam', 'scram', 'mtls', 'tls', 'none'] as const;
export type MskAuth = (typeof MSK_AUTHS)[number];

const PREFIX = 'BootstrapBrokerString';

/** Every bootstrap string of the answer, under the rest of its field's name: `tls`, `saslIam`, `publicTls`; the bare one is `plaintext`. */
export function bootstrapRecord(answer: GetBootstrapBrokersResponse): Record<string, string> {
  const entries = Object.entries(answer)
    .filter(([field, value]) => field.startsWith(PREFIX) && typeof value === 'string' && value.trim() !== '')
    .map(([field, value]) => [keyOf(field.slice(PREFIX.length)), (value as string).trim()] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function keyOf(suffix: string): string {
  return suffix === '' ? 'plaintext' : suffix.charAt(0).toLowerCase() + suffix.slice(1);
}

// Inside the VPC first: it is the shortest way and costs no transfer; public and multi-VPC strings only where nothing else is.
const KEYS_BY_AUTH: Readonly<Record<MskAuth, readonly string[]>> = {
  iam: ['saslIam', 'publicSaslIam', 'vpcConnectivitySaslIam', 'saslIamIpv6'],
  scram: ['saslScram', 'publicSaslScram', 'vpcConnectivitySaslScram', 'saslScramIpv6'],
  mtls: ['tls', 'publicTls', 'vpcConnectivityTls', 'tlsIpv6'],
  tls: ['tls', 'tlsIpv6'],
  none: ['plaintext', 'ipv6'],
};

/** Brokers (`host:port`) to connect to with this way of authentication; null when the cluster offers none. */
export function chooseBootstrap(record: Readonly<Record<string, string>>, auth: MskAuth): string[] | null {
  const key = KEYS_BY_AUTH[auth].find((each) => record[each] !== undefined);
  if (key === undefined) return null;
  const brokers = record[key]!.split(',').map((each) => each.trim());
  return brokers.filter((each) => each !== '');
}

/** The ways of authentication that the cluster offers, in the order in which they should be preferred. */
export function offeredAuths(record: Readonly<Record<string, string>>): MskAuth[] {
  return MSK_AUTHS.filter((auth) => chooseBootstrap(record, auth) !== null);
}
