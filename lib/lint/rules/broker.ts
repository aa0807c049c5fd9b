// Rules about configurations of brokers on MSK.
import { BROKER_SIZES, recommendedThreads } from '../../facts/broker-sizes.ts';
import {
  EXPRESS_READ_ONLY,
  EXPRESS_SETTABLE,
  MSK_CONFIGURATION_SOURCE,
  STANDARD_SETTABLE,
} from '../../facts/msk-configuration.ts';
import { CONFIG_LIMITS } from '../../policy/config-limits.ts';
import { safeLabel } from '../../text/sanitize.ts';
import type { Block, Draft, LintContext, LintRule } from '../lint-types.ts';
import { isJvmOption } from '../parse/dialects.ts';
import { isTrue, MSK_GUIDE, numberOr, numeric, setting, severities, shown } from '../rule.ts';

const LIMITS = CONFIG_LIMITS.broker;
const SKILL = 'https://github.com/aws/agent-toolkit-for-aws';
/** MSK's defaults of the two pools. */
const DEFAULT_IO = 8;
const DEFAULT_NETWORK = 5;

export const notAdjustable: LintRule = {
  id: 'not-adjustable-on-msk',
  kinds: ['broker'],
  severity: severities('medium', 'medium', 'low'),
  what: 'A setting that MSK does not let its users change',
  why: 'MSK refuses the configuration, or keeps a value of its own',
  right: 'remove it; what can be chosen is the size and number of brokers, the storage, and the settings of the list',
  reference: MSK_CONFIGURATION_SOURCE.standard,
  find(block, { clusterType }) {
    if (clusterType === 'serverless') {
      const [first] = block.settings;
      return first === undefined
        ? []
        : [{ at: null, message: 'MSK Serverless has no configuration of brokers', right: 'settings of topics' }];
    }
    const settable = clusterType === 'express' ? EXPRESS_SETTABLE : STANDARD_SETTABLE;
    return block.settings.flatMap((at): Draft[] => {
      if (
        !at.isKnown ||
        isJvmOption(at.key) ||
        settable.has(at.key) ||
        (clusterType === 'express' && EXPRESS_READ_ONLY.has(at.key))
      )
        return [];
      // AWS documents these two as settings of a running broker.
      if (/^listener\.name\.client_iam(?:_public)?\.max\.connections$/.test(at.key)) return [];
      const { message, right = null } = INSTEAD[at.key] ?? { message: '' };
      return [{ at, message: `\`${at.key}\` cannot be set on MSK${message}`, right }];
    });
  },
};

/** What does on MSK what the setting does elsewhere. */
const INSTEAD: Readonly<Record<string, { message: string; right?: string }>> = {
  'remote.log.storage.system.enable': {
    message: ': tiered storage is a property of the cluster',
    right: 'aws kafka update-storage --storage-mode TIERED, then remote.storage.enable=true on each topic',
  },
  'log.dirs': { message: ": the disks are MSK's", right: 'volume size and provisioned throughput, or a larger broker' },
  'log.dir': { message: ": the disks are MSK's", right: 'volume size and provisioned throughput, or a larger broker' },
  'replica.fetch.wait.max.ms': {
    message: '; it must stay below replica.lag.time.max.ms',
    right: 'num.replica.fetchers',
  },
};

export const jvmNotAdjustable: LintRule = {
  id: 'jvm-not-adjustable',
  kinds: ['broker'],
  severity: severities('medium', 'low', 'info'),
  what: "Options of the brokers' Java process",
  why: 'MSK runs the JVM: heap and garbage collector are fixed by the size of the broker',
  right: 'fewer partitions and connections, a shorter transactional.id.expiration.ms, or a larger broker',
  reference: MSK_CONFIGURATION_SOURCE.standard,
  find: (block) =>
    block.settings
      .filter(({ key, text }) => isJvmOption(key) || (key === 'export' && /^KAFKA_\w+_OPTS/.test(text)))
      .map((at) => ({
        at,
        message: `${at.key}${at.key === '-XX' ? `:${safeLabel(at.text, 60)}` : ''} has no place on MSK`,
      })),
};

export const expressReadOnly: LintRule = {
  id: 'express-read-only',
  kinds: ['broker'],
  severity: severities('medium', 'medium', 'low'),
  what: 'A setting that Express brokers show and do not let change',
  why: 'the configuration is refused; Express fixes three copies, two in sync, no unclean election, and its threads by size',
  right: 'remove it',
  reference: MSK_CONFIGURATION_SOURCE.expressFixed,
  find: (block, { clusterType }) =>
    clusterType !== 'express'
      ? []
      : block.settings
          .filter(({ key }) => EXPRESS_READ_ONLY.has(key))
          .map((at) => ({ at, message: `\`${at.key}\` is read-only on Express` })),
};

export const ioThreadsLow: LintRule = {
  id: 'io-threads-low',
  kinds: ['broker'],
  severity: severities('medium', 'low', 'info'),
  what: 'Thread pools that do not fit the broker',
  why: 'too few leave cores idle while requests queue; more than the cores only switch between them',
  right:
    "MSK's defaults of 8 and 5 up to 2xlarge; from 4xlarge on num.io.threads = vCPU and num.network.threads = vCPU / 2",
  reference: SKILL,
  find: (block, context) =>
    context.clusterType !== 'standard'
      ? []
      : [
          pool('num.io.threads', 'ioThreads', DEFAULT_IO),
          pool('num.network.threads', 'networkThreads', DEFAULT_NETWORK),
        ].flatMap((judge) => judge(block, context)),
};

function pool(name: string, which: 'ioThreads' | 'networkThreads', fallback: number) {
  return (block: Block, { instanceType }: LintContext): Draft[] => {
    const found = numeric(block, name);
    if (found === null) return [];
    const fits = instanceType === null ? null : (recommendedThreads(instanceType)?.[which] ?? fallback);
    const least = fits ?? fallback;
    const says = (words: string, milderBy: number, right: string | null = `${name}=${least}`) => [
      { at: found.at, message: `${shown(found.at)} ${words}`, right, milderBy },
    ];
    if (found.value < least)
      return says(
        fits === null ? `is less than MSK's default of ${least}` : `is less than the ${least} of ${instanceType}`,
        0,
      );
    if (found.value === fallback || found.value === fits) return [];
    if (fits !== null) return says(`is more than the ${fits} of ${instanceType}`, 1);
    const sizes = Object.keys(BROKER_SIZES).filter((size) => recommendedThreads(size)?.[which] === found.value);
    const fitting = sizes.length === 0 ? 'no size of broker' : `${sizes.join(' and ')} alone`;
    return says(`fits ${fitting} (--instance-type says which it is)`, 3, null);
  };
}

export const networkThreadsUnpaired: LintRule = {
  id: 'network-threads-unpaired',
  kinds: ['broker'],
  severity: severities('low', 'low', 'info'),
  what: 'Network threads raised without I/O threads',
  why: 'they only fill the request queue faster: the I/O threads are what empties it',
  right: 'num.io.threads first, num.network.threads at half of it',
  reference: SKILL,
  find(block, { clusterType }) {
    const network = numeric(block, 'num.network.threads');
    const io = numberOr(block, 'num.io.threads', DEFAULT_IO);
    if (
      clusterType !== 'standard' ||
      network === null ||
      network.value <= DEFAULT_NETWORK ||
      network.value <= io * LIMITS.maxNetworkPerIoThread
    )
      return [];
    return [
      {
        at: network.at,
        message: `${shown(network.at)} with ${io} I/O threads`,
        right: `num.network.threads=${Math.max(DEFAULT_NETWORK, Math.floor(io / 2))}`,
      },
    ];
  },
};

export const socketBuffersOdd: LintRule = {
  id: 'socket-buffers-odd',
  kinds: ['broker'],
  severity: severities('low', 'info', 'info'),
  what: 'Socket buffers of another size than the default',
  why: 'smaller ones throttle what crosses availability zones and make nothing faster; larger ones are memory for each connection',
  right: 'the default 102400, or -1: the operating system chooses',
  reference: `${MSK_GUIDE}/msk-default-configuration.html`,
  find: (block) =>
    ['socket.send.buffer.bytes', 'socket.receive.buffer.bytes'].flatMap((name): Draft[] => {
      const found = numeric(block, name);
      if (found === null || found.value < 0 || found.value === LIMITS.minSocketBufferBytes) return [];
      const isOdd = found.value < LIMITS.minSocketBufferBytes || found.value > LIMITS.maxSocketBufferBytes;
      const message = isOdd
        ? shown(found.at)
        : `${shown(found.at)} helps long distances alone, and costs memory for each connection`;
      return [{ at: found.at, message, right: `${name}=-1`, milderBy: isOdd ? 0 : 1 }];
    }),
};

export const topicsAutoCreated: LintRule = {
  id: 'topics-auto-created',
  kinds: ['broker'],
  severity: severities('medium', 'low', 'info'),
  what: 'Topics create themselves',
  why: 'each misspelt name is a topic, with default partitions and retention',
  right: 'auto.create.topics.enable=false, and topics from code',
  reference: `${MSK_GUIDE}/msk-default-configuration.html`,
  find(block) {
    const at = setting(block, 'auto.create.topics.enable');
    return isTrue(at) ? [{ at, message: shown(at!), right: 'auto.create.topics.enable=false' }] : [];
  },
};

export const defaultsUnsafe: LintRule = {
  id: 'defaults-unsafe',
  kinds: ['broker'],
  severity: severities('medium', 'low', 'info'),
  what: 'Defaults that new topics and idle groups do not survive',
  why: 'a topic of one partition has one consumer; a group that pauses for longer than its offsets live begins anew',
  right: 'num.partitions=6 where topics create themselves, offsets.retention.minutes=10080 or more',
  reference: MSK_CONFIGURATION_SOURCE.standard,
  find(block) {
    const partitions = numeric(block, 'num.partitions');
    const offsets = numeric(block, 'offsets.retention.minutes');
    const isSingle = partitions?.value === 1 && isTrue(setting(block, 'auto.create.topics.enable'));
    const isShort = offsets !== null && offsets.value < LIMITS.minOffsetsRetentionMinutes;
    return [...(isSingle ? [partitions.at] : []), ...(isShort ? [offsets.at] : [])].map((at) => ({
      at,
      message: shown(at),
    }));
  },
};

export const aclDefaultOpen: LintRule = {
  id: 'acl-default-open',
  kinds: ['broker'],
  severity: severities('medium', 'low', 'info'),
  what: 'What has no ACL is open to everyone',
  why: 'a new topic is readable by each SCRAM user and certificate until someone writes an ACL (IAM is not concerned)',
  right: 'allow.everyone.if.no.acl.found=false, once the ACLs are there: without them it locks everyone out',
  reference: `${MSK_GUIDE}/msk-acls.html`,
  find(block) {
    const at = setting(block, 'allow.everyone.if.no.acl.found');
    return isTrue(at) ? [{ at, message: shown(at!) }] : [];
  },
};
