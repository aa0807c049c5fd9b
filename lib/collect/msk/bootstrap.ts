// Bootstrap strings: which the cluster offers, and which one fits the way of authentication.
import type { GetBootstrapBrokersResponse } from '@aws-sdk/client-kafka';

/** Ways to authenticate that an MSK listener offers, as `--auth` names them. `plain` exists on no MSK listener. */
export const MSK_AUTHS = ['iam', 'scram', 'mtls', 'tls', 'none'] as const;
export type MskAuth = (typeof MSK_AUTHS)[number];

type BootstrapRecord = Readonly<Record<string, string>>;

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

/**
 * Listeners that take this way of authentication, best first. Inside the VPC before multi-VPC (PrivateLink, billed by the byte) before
 * public (the internet); IPv4 before IPv6, which many machines cannot route, and which is offered beside it. Without authentication there
 * is neither a multi-VPC nor a public listener: MSK offers both only with one.
 * https://docs.aws.amazon.com/msk/latest/developerguide/public-access.html and aws-access-mult-vpc.html
 */
const KEYS_BY_AUTH: Readonly<Record<MskAuth, readonly string[]>> = {
  iam: ['saslIam', 'saslIamIpv6', 'vpcConnectivitySaslIam', 'publicSaslIam'],
  scram: ['saslScram', 'saslScramIpv6', 'vpcConnectivitySaslScram', 'publicSaslScram'],
  mtls: ['tls', 'tlsIpv6', 'vpcConnectivityTls', 'publicTls'],
  tls: ['tls', 'tlsIpv6'],
  none: ['plaintext', 'ipv6'],
};

/**
 * Brokers (`host:port`) to connect to with this way of authentication; null when the cluster offers none.
 * @param isPublic over the internet only: whoever stands outside the VPC reaches no other listener, and nothing here can tell where we stand
 */
export function chooseBootstrap(record: BootstrapRecord, auth: MskAuth, isPublic = false): string[] | null {
  const keys = KEYS_BY_AUTH[auth].filter((each) => !isPublic || each.startsWith('public'));
  const key = keys.find((each) => record[each] !== undefined);
  if (key === undefined) return null;
  const brokers = record[key]!.split(',').map((each) => each.trim());
  return brokers.filter((each) => each !== '');
}

/** What the cluster's description says about its one TLS listener, which serves clients with and without a certificate. */
export interface TlsListener {
  /** Certificates are taken; null where the description does not say. */
  tls: boolean | null;
  /** Clients without any authentication are let in. */
  unauthenticated: boolean | null;
}

/**
 * The ways of authentication that the cluster offers, in the order in which they should be preferred. The bootstrap strings alone do not
 * tell whether the TLS listener takes certificates: `listener` (`security.authentication`) does.
 */
export function offeredAuths(
  record: BootstrapRecord,
  listener: TlsListener | null = null,
  isPublic = false,
): MskAuth[] {
  const isRefused: Partial<Record<MskAuth, boolean>> = {
    mtls: listener?.tls === false,
    tls: listener?.unauthenticated === false,
  };
  return MSK_AUTHS.filter((auth) => isRefused[auth] !== true && chooseBootstrap(record, auth, isPublic) !== null);
}
