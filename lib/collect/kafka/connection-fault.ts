// What can go wrong between us and a broker, each kind told apart, in one clear line, with the line that helps.
// A detail holds addresses and our own words only: text from brokers and libraries may carry what is secret.
import { type Missing, type MissingReason, missing } from '../../snapshot/collected.ts';
import { BROKERS_GROUP } from '../brokers-group.ts';
import { type KafkaAuth, mechanismOf } from './kafka-auth.ts';

export type FaultKind =
  | 'refused'
  | 'unknown-host'
  | 'no-route'
  | 'connect-timeout'
  | 'request-timeout'
  | 'slow'
  | 'deadline'
  | 'interrupted'
  | 'closed'
  | 'tls-expected'
  | 'plaintext-expected'
  | 'server-certificate'
  | 'client-certificate'
  | 'client-pem'
  | 'auth-expected'
  | 'auth-not-expected'
  | 'mechanism'
  | 'auth-rejected'
  | 'auth-failed'
  | 'scram-iterations'
  | 'credentials'
  | 'throttled'
  | 'not-kafka'
  | 'malformed'
  | 'unsupported';

interface FaultText {
  reason: MissingReason;
  /** Completes "<address>: ". */
  says: string | ((auth: KafkaAuth) => string);
  fix: string | ((auth: KafkaAuth, about: string, port: string) => string) | null;
}

const LISTENERS = 'MSK listens on 9092 plaintext, 9094 TLS, 9096 SASL/SCRAM, 9098 IAM (public: 9194, 9196, 9198)';
const NETWORK = (_auth: KafkaAuth, _about: string, port: string): string =>
  `allow TCP ${port} in the brokers’ security group from here, and run where the brokers’ subnets can be reached: ` +
  `aws ec2 authorize-security-group-ingress --group-id ${BROKERS_GROUP} --protocol tcp --port ${port} --source-group GROUP_OF_THIS_MACHINE`;

/** A name in the DNS has at most 253 characters. */
const LONGEST_ADDRESS = 255;

const mechanism = (auth: KafkaAuth): string => mechanismOf(auth) ?? 'SASL';
const nameOf = (auth: KafkaAuth): string => (auth.kind === 'iam' ? 'IAM' : mechanism(auth));

const TEXTS: Record<FaultKind, FaultText> = {
  refused: {
    reason: 'unreachable',
    says: 'connection refused: nothing listens on that port',
    fix: `a broker that restarts refuses for minutes: run again; otherwise check host and port; ${LISTENERS}`,
  },
  'unknown-host': {
    reason: 'unreachable',
    says: 'the host name does not resolve',
    fix: 'check the name, and that this machine uses the DNS of the brokers’ VPC',
  },
  'no-route': { reason: 'unreachable', says: 'no network route to the host', fix: NETWORK },
  'connect-timeout': {
    reason: 'unreachable',
    says: 'no connection in time: packets to that port seem to be dropped',
    fix: NETWORK,
  },
  'request-timeout': {
    reason: 'timed-out',
    says: 'an answer did not come in time',
    fix: 'look at the broker’s load (request handler idle, GC); try again',
  },
  slow: {
    reason: 'timed-out',
    says: 'answers too slowly: most others had answered, and it is not asked any more',
    fix: 'look at the broker’s load (request handler idle, GC, disks); try again',
  },
  deadline: {
    reason: 'timed-out',
    says: 'the time for this collection ran out',
    fix: 'give it more time, or ask for fewer samples',
  },
  interrupted: { reason: 'failed', says: 'the collection was interrupted', fix: null },
  closed: {
    reason: 'unreachable',
    says: 'the broker closed the connection without an answer',
    // `about` names a request: what came before it shows that the authentication is the right one.
    fix: (_auth, about) =>
      about === ''
        ? `the listener may expect other authentication, or the broker is shutting down; ${LISTENERS}`
        : 'the broker may be shutting down, or of another version than the others: try again when an upgrade is done',
  },
  'tls-expected': {
    reason: 'unreachable',
    says: 'the port expects TLS, and we spoke plaintext',
    fix: `use --auth tls, mtls, scram or iam for this port; ${LISTENERS}`,
  },
  'plaintext-expected': {
    reason: 'unreachable',
    says: 'the port does not speak TLS',
    fix: `use --auth none for a plaintext listener, or the TLS port; ${LISTENERS}`,
  },
  'server-certificate': {
    reason: 'unreachable',
    says: 'the broker’s TLS certificate is not trusted for this host name',
    fix: 'name the host as in the certificate; for an authority of your own set MSK_CHECKUP_KAFKA_CA_FILE to its PEM file',
  },
  'client-certificate': {
    reason: 'not-permitted',
    says: 'the broker refused our client certificate, or wants one',
    fix: 'use --auth mtls with a certificate whose authority the cluster trusts',
  },
  'client-pem': {
    reason: 'not-permitted',
    says: 'the client certificate, key or authority cannot be used',
    fix: 'give PEM text; the key must be unencrypted and belong to the certificate',
  },
  'auth-expected': {
    reason: 'not-permitted',
    says: 'the listener wants authentication',
    fix: `use --auth scram or iam; ${LISTENERS}`,
  },
  'auth-not-expected': {
    reason: 'not-permitted',
    says: (auth) => `the listener takes no SASL authentication, and we offered ${mechanism(auth)}`,
    fix: `use --auth none or tls for this port; ${LISTENERS}`,
  },
  mechanism: {
    reason: 'not-permitted',
    says: (auth) => `the listener does not offer ${mechanism(auth)}`,
    fix: `choose the port that fits --auth; ${LISTENERS}`,
  },
  'auth-rejected': {
    reason: 'not-permitted',
    says: (auth) => `authentication by ${nameOf(auth)} was rejected`,
    fix: (auth) =>
      auth.kind === 'iam'
        ? 'allow kafka-cluster:Connect on the cluster for this identity; check region and clock'
        : 'check user name and password; on MSK the secret AmazonMSK_* must be associated with the cluster',
  },
  'auth-failed': {
    reason: 'failed',
    says: (auth) => `authentication by ${nameOf(auth)} could not be completed`,
    fix: 'try again; if it stays so, look at the broker’s log',
  },
  'scram-iterations': {
    reason: 'failed',
    says: 'the broker asks for more SCRAM iterations than are computed here',
    fix: 'create the SCRAM credential with Kafka’s own 4096; on a port without TLS anyone in between may have asked',
  },
  credentials: {
    reason: 'not-permitted',
    says: 'AWS credentials for the IAM token are missing, expired or about to expire',
    fix: 'sign in again (aws sso login), or give the role that may connect',
  },
  throttled: {
    reason: 'throttled',
    says: 'the broker refuses new connections for now: too many',
    fix: 'try again later; MSK limits new IAM connections per broker',
  },
  'not-kafka': {
    reason: 'unreachable',
    says: 'what answers on that port does not speak Kafka',
    fix: `check host and port; ${LISTENERS}`,
  },
  malformed: { reason: 'failed', says: 'an answer does not follow the Kafka protocol', fix: null },
  unsupported: {
    reason: 'not-supported',
    says: 'the broker speaks no version of a request that we speak',
    fix: 'upgrade the cluster: Kafka 2.4 is the oldest that can be read',
  },
};

/** A fault of the cluster or the way to it; never one of ours. */
export class ConnectionFault extends Error {
  override name = 'ConnectionFault';
  readonly kind: FaultKind;
  readonly reason: MissingReason;
  /** What happened, without the address. */
  readonly says: string;
  readonly address: string;
  readonly fix: string | undefined;

  constructor(kind: FaultKind, givenAddress: string, auth: KafkaAuth, about = '') {
    const address = printable(givenAddress);
    const text = TEXTS[kind];
    const says = (typeof text.says === 'string' ? text.says : text.says(auth)) + (about === '' ? '' : ` (${about})`);
    super(`${address}: ${says}`);
    this.kind = kind;
    this.reason = text.reason;
    this.says = says;
    this.address = address;
    const port = address.slice(address.lastIndexOf(':') + 1);
    this.fix = (typeof text.fix === 'function' ? text.fix(auth, about, port) : text.fix) ?? undefined;
  }

  /** Whether it speaks of the connection; one API may be unsupported, one answer malformed, and the next one is fine. */
  get endsConnection(): boolean {
    return this.kind !== 'unsupported' && this.kind !== 'malformed';
  }

  /** The missing section this fault leaves. */
  asMissing(): Missing {
    return missing(this.reason, this.message, this.fix);
  }
}

/** A broker says itself where it can be reached: what is no host name and no port is not repeated. */
function printable(address: string): string {
  return address.slice(0, LONGEST_ADDRESS).replace(/[^\w.:[\]-]/g, '?');
}
