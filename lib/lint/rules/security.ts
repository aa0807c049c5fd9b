// Rules about who may read along, and about what lies open in the file.
import { MSK_PORTS } from '../../facts/msk-configuration.ts';
import { safeLabel } from '../../text/sanitize.ts';
import type { Block, Draft, LintRule, Setting } from '../lint-types.ts';
import { isInlineSecret } from '../parse/secrets.ts';
import { ALL_KINDS, CLIENTS, isFalse, isTrue, line, MSK_GUIDE, setting, severities, shown } from '../rule.ts';

/** Setting by the library's own key, for what has no name in Kafka. */
function byKey(block: Block, key: string): Setting | null {
  return block.settings.findLast((each) => each.key === key) ?? null;
}

function addresses(block: Block): { at: Setting; hosts: { host: string; port: number | null }[] } | null {
  const at = setting(block, 'bootstrap.servers');
  if (at === null || /\$\{|\$\(|\{\{/.test(at.text)) return null;
  const hosts = at.text.split(/[,\s]+/).filter((part) => part !== '');
  return {
    at,
    hosts: hosts.map((part) => {
      const [, host, port] = /^(?:\w+:\/\/)?(.*?)(?::(\d+))?$/.exec(part)!;
      return { host: host!, port: port === undefined ? null : Number(port) };
    }),
  };
}

function isLocal(host: string): boolean {
  return /^(?:localhost|127\.|\[?::1|0\.0\.0\.0|host\.docker\.internal|kafka$|broker-?\d*$)/.test(host);
}

function isMsk(host: string): boolean {
  return /\.kafka(?:-serverless)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/.test(host);
}

/** The words of `security.protocol`, from whichever switches the library has; null when the file does not say. */
function protocolOf(block: Block): { at: Setting; protocol: string } | null {
  const named = setting(block, 'security.protocol');
  if (named !== null) return { at: named, protocol: named.value.toUpperCase() };
  const tls = byKey(block, block.library === 'sarama' ? 'Net.TLS.Enable' : 'ssl');
  const isObject = block.library === 'kafkajs' && block.settings.some(({ key }) => key.startsWith('ssl.'));
  if (tls === null || isObject) return null;
  const sasl = block.settings.some(
    ({ key, value }) => key.startsWith('sasl.') || (key === 'Net.SASL.Enable' && value === 'true'),
  );
  return { at: tls, protocol: `${sasl ? 'SASL_' : ''}${isTrue(tls) ? 'SSL' : 'PLAINTEXT'}` };
}

export const transitPlaintext: LintRule = {
  id: 'transit-plaintext',
  kinds: CLIENTS,
  severity: severities('high', 'medium', 'low'),
  what: 'A connection without TLS',
  why: 'records and passwords cross the network readable',
  right: 'TLS, with IAM or SCRAM for who connects: security.protocol=SASL_SSL on port 9098 or 9096',
  reference: `${MSK_GUIDE}/msk-encryption.html`,
  find(block) {
    const protocol = protocolOf(block);
    const right = `${protocolLine(block, 'SASL_SSL')}, with IAM at port 9098 or SCRAM at port 9096`;
    if (protocol !== null) {
      const hosts = addresses(block)?.hosts ?? [];
      // Nothing leaves the machine.
      if (hosts.length > 0 && hosts.every(({ host }) => isLocal(host))) return [];
      return protocol.protocol.endsWith('PLAINTEXT') ? [{ at: protocol.at, message: shown(protocol.at), right }] : [];
    }
    const brokers = addresses(block);
    const open = brokers?.hosts.find(
      ({ host, port }) => isMsk(host) && port !== null && MSK_PORTS[port] === 'PLAINTEXT',
    );
    return open === undefined
      ? []
      : [{ at: brokers!.at, message: `port ${open.port} of MSK is the listener without TLS`, right }];
  },
};

export const listenerMismatch: LintRule = {
  id: 'listener-mismatch',
  kinds: CLIENTS,
  severity: severities('high', 'medium', 'low'),
  what: 'A port of MSK whose listener speaks another protocol than the client',
  why: 'the client cannot connect, and says only that the connection was closed or timed out',
  right: '9092 PLAINTEXT, 9094 SSL, 9096 SASL_SSL with SCRAM, 9098 SASL_SSL with IAM; public 9194, 9196, 9198',
  reference: `${MSK_GUIDE}/port-info.html`,
  find(block) {
    const brokers = addresses(block);
    if (brokers === null) return [];
    const said = protocolOf(block);
    const elsewhere = noListener(block, brokers) ?? otherMechanism(block, brokers);
    if (elsewhere !== null) return [elsewhere];
    // Kafka's clients speak plaintext where nobody says more; KafkaJS and Sarama may be given TLS by the program.
    const protocol = said?.protocol ?? (block.library === 'kafkajs' || block.library === 'sarama' ? null : 'PLAINTEXT');
    if (protocol === null) return [];
    const wrong = brokers.hosts.find(
      ({ host, port }) =>
        isMsk(host) && port !== null && Object.hasOwn(MSK_PORTS, port) && MSK_PORTS[port] !== protocol,
    );
    if (wrong === undefined) return [];
    const speaks =
      said === null
        ? `nothing sets security.protocol, so the client speaks ${protocol}`
        : `the client speaks ${protocol}`;
    const right = protocolLine(block, MSK_PORTS[wrong.port!]!);
    return [
      {
        at: said?.at ?? brokers.at,
        message: `port ${wrong.port} of MSK takes ${MSK_PORTS[wrong.port!]}, and ${speaks}`,
        right,
      },
    ];
  },
};

type Addresses = NonNullable<ReturnType<typeof addresses>>;

/** KafkaJS and Sarama have a switch for TLS in place of a protocol. */
function protocolLine(block: Block, protocol: string): string {
  const isTls = protocol.endsWith('SSL');
  if (block.library === 'kafkajs') return `ssl=${isTls}`;
  if (block.library === 'sarama') return `Net.TLS.Enable=${isTls}`;
  return line(block, 'security.protocol', protocol);
}

/** An address at which no broker of MSK listens. */
function noListener({ library }: Block, { at, hosts }: Addresses): Draft | null {
  const zookeeper = hosts.find(({ host, port }) => isMsk(host) && (port === 2181 || port === 2182));
  if (zookeeper !== undefined)
    return { at, message: `port ${zookeeper.port} is ZooKeeper's, and a client speaks to brokers` };
  const portless = library === 'java' ? hosts.find(({ host, port }) => isMsk(host) && port === null) : undefined;
  return portless === undefined
    ? null
    : { at, message: `${safeLabel(portless.host, 60)} has no port: the Java client does not start` };
}

/** A way to log in that the listener of the port does not take: IAM and SCRAM have a port each. */
function otherMechanism(block: Block, { hosts }: Addresses): Draft | null {
  const at = mechanismOf(block);
  const isIam = /^(?:AWS_MSK_IAM|OAUTHBEARER|aws)$/i.test(at?.text ?? '');
  if (at === null || (!isIam && !/^SCRAM-/i.test(at.text))) return null;
  const wrong = hosts.find(({ host, port }) => isMsk(host) && (isIam ? SCRAM_PORTS : IAM_PORTS).has(port));
  if (wrong === undefined) return null;
  const [taken, port] = isIam ? ['SCRAM', 'that of IAM is 9098'] : ['IAM', 'that of SCRAM is 9096'];
  return { at, message: `port ${wrong.port} of MSK takes ${taken}, and the client has ${shown(at)}: ${port}` };
}

const SCRAM_PORTS: ReadonlySet<number | null> = new Set([9096, 9196, 20096]);
const IAM_PORTS: ReadonlySet<number | null> = new Set([9098, 9198, 20098]);

function mechanismOf(block: Block): Setting | null {
  return setting(block, 'sasl.mechanism') ?? byKey(block, 'sasl.mechanism');
}

export const saslMechanismUnsupported: LintRule = {
  id: 'sasl-mechanism-unsupported',
  kinds: CLIENTS,
  severity: severities('high', 'high', 'medium'),
  what: 'A SASL mechanism that no listener of MSK has',
  why: 'the broker refuses the handshake',
  right: 'SCRAM-SHA-512 (port 9096), or IAM: AWS_MSK_IAM in Java, OAUTHBEARER with a signer elsewhere (port 9098)',
  reference: `${MSK_GUIDE}/kafka_apis_iam.html`,
  find(block) {
    const at = mechanismOf(block);
    // Another Kafka than MSK may well have them.
    const elsewhere = addresses(block)?.hosts.some(({ host }) => !isMsk(host)) ?? false;
    if (at === null || elsewhere || /\$/.test(at.text)) return [];
    // https://github.com/confluentinc/librdkafka/issues/3402: IAM is a token there.
    if (block.library === 'librdkafka' && /^AWS_MSK_IAM$/i.test(at.text))
      return [
        {
          at,
          message: `${shown(at)} is not known to librdkafka: it does not start`,
          right: `${at.key}=OAUTHBEARER, with a signer for the token`,
        },
      ];
    if (/^(?:SCRAM-SHA-512|AWS_MSK_IAM|OAUTHBEARER|aws)?$/i.test(at.text)) return [];
    return [{ at, message: `${shown(at)} is no mechanism of MSK` }];
  },
};

export const hostnameUnchecked: LintRule = {
  id: 'hostname-unchecked',
  kinds: CLIENTS,
  severity: severities('high', 'medium', 'low'),
  what: 'TLS that does not look whom it talks to',
  why: 'whoever stands between client and broker can read and change everything',
  right: 'leave the check on: the certificates of MSK are from a public authority and carry the names of its brokers',
  reference: `${MSK_GUIDE}/msk-encryption.html`,
  find: (block) =>
    block.settings.flatMap((at): Draft[] => {
      const isOff =
        (at.key === 'ssl.endpoint.identification.algorithm' && /^(?:none)?$/i.test(at.text)) ||
        (/^(?:enable\.ssl\.certificate\.verification|ssl\.rejectUnauthorized|ssl_check_hostname)$/.test(at.key) &&
          isFalse(at)) ||
        (at.key.endsWith('InsecureSkipVerify') && isTrue(at));
      return isOff ? [{ at, message: `${shown(at)} switches the check of the broker's name or certificate off` }] : [];
    }),
};

export const secretInline: LintRule = {
  id: 'secret-inline',
  kinds: ALL_KINDS,
  severity: severities('high', 'medium', 'low'),
  what: 'A password, key or token written into the file',
  why: 'it lies in the repository, its history and each copy, and nobody can say who has read it',
  right:
    'a reference that is filled in at run time: an environment variable, a config provider, AWS Secrets Manager; then change the secret',
  reference: `${MSK_GUIDE}/msk-password.html`,
  find: (block) =>
    block.settings
      .filter((at) => at.isSecret && isInlineSecret(at.key, at.text))
      // The password of a trust store protects nothing that is secret.
      .map((at) => ({
        at,
        message: `\`${safeLabel(at.key)}\` holds a secret (not shown)`,
        milderBy: /truststore/.test(at.key) ? 3 : 0,
      })),
};

export const bootstrapSingleBroker: LintRule = {
  id: 'bootstrap-single-broker',
  kinds: CLIENTS,
  severity: severities('medium', 'low', 'info'),
  what: 'One broker alone to begin with',
  why: 'a client that starts while this broker is patched or lost finds no cluster',
  right: 'the whole string of get-bootstrap-brokers: brokers in all availability zones',
  reference: `${MSK_GUIDE}/bestpractices.html`,
  find(block) {
    const brokers = addresses(block);
    const [only, ...others] = brokers?.hosts ?? [];
    // One name may stand for many addresses; b-1 to b-n are the brokers of MSK one by one.
    if (brokers === null || only === undefined || others.length > 0 || !/^b-\d+[-.]/.test(only.host)) return [];
    return [{ at: brokers.at, message: 'bootstrap names one broker' }];
  },
};
