// The chain of message sizes: record <= producer <= topic <= replication, requests and consumers; within a file and across files.
import { SERVERLESS_MAX_MESSAGE_BYTES } from '../../facts/msk-configuration.ts';
import { CONFIG_LIMITS } from '../../policy/config-limits.ts';
import { formatQuantity } from '../../text/units.ts';
import type { Block, Draft, LintContext, LintRule, Setting } from '../lint-types.ts';
import { KAFKA_DOCS, MSK_GUIDE, numeric, severities, shown } from '../rule.ts';

/** Kafka's default of max.message.bytes and message.max.bytes. */
const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;
/** Sarama's and Java's own default, and a header more: what nobody chose is no finding. */
const ORDINARY_BYTES = 1_048_588;

interface Link {
  value: number;
  at: Setting;
  file: string;
  label: string;
}

function links(blocks: readonly Block[], kinds: readonly Block['kind'][], name: string): Link[] {
  return blocks
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap((block) => {
      const found = numeric(block, name);
      return found === null ? [] : [{ ...found, file: block.file, label: block.label }];
    });
}

function named({ at, file, label }: Link, block: Block): string {
  const where =
    file === block.file && label === block.label ? '' : ` (${label === '' ? '' : `${label} in `}${file}:${at.line})`;
  return `${shown(at)}${where}`;
}

function least(found: readonly Link[]): Link | null {
  return found.reduce<Link | null>((a, b) => (a === null || b.value < a.value ? b : a), null);
}

export const messageSizeChain: LintRule = {
  id: 'message-size-chain-broken',
  kinds: ['producer', 'consumer', 'client', 'topic', 'broker'],
  severity: severities('high', 'medium', 'low'),
  what: 'A larger message is let in than the next in line takes',
  why: 'the producer fails with RecordTooLarge, a request is cut off, replication goes batch by batch, or a consumer cannot read on',
  right:
    'record <= max.request.size <= max.message.bytes <= replica.fetch.max.bytes < socket.request.max.bytes; fetch.max.bytes of consumers as large as the message',
  reference: `${KAFKA_DOCS}/#topicconfigs_max.message.bytes`,
  find: (block, context) => [...ofProducer(block, context), ...ofTopic(block, context), ...ofConsumer(block, context)],
};

function topicLimits({ blocks }: LintContext): Link[] {
  const topics = links(blocks, ['topic'], 'max.message.bytes');
  return topics.length > 0 ? topics : links(blocks, ['broker'], 'message.max.bytes');
}

function ofProducer(block: Block, context: LintContext): Draft[] {
  const request = block.library === null || block.kind === 'consumer' ? null : numeric(block, 'max.request.size');
  if (request === null || request.value <= ORDINARY_BYTES) return [];
  const limit = least(topicLimits(context));
  if (limit !== null)
    return request.value <= limit.value
      ? []
      : [{ at: request.at, message: `${shown(request.at)} is more than ${named(limit, block)} takes` }];
  return [
    {
      at: request.at,
      message: `${shown(request.at)} is more than the default max.message.bytes of ${DEFAULT_MAX_MESSAGE_BYTES}: the topic must take as much`,
      // The topic may well be set so; it is not among the files.
      milderBy: 4,
    },
  ];
}

function ofTopic(block: Block, context: LintContext): Draft[] {
  const message =
    block.kind === 'topic'
      ? numeric(block, 'max.message.bytes')
      : block.kind === 'broker'
        ? numeric(block, 'message.max.bytes')
        : null;
  if (message === null) return ofRequest(block);
  const request = least(links(context.blocks, ['broker'], 'socket.request.max.bytes'));
  const replica = least(links(context.blocks, ['broker'], 'replica.fetch.max.bytes'));
  const drafts: Draft[] = [];
  if (request !== null && request.value < message.value * CONFIG_LIMITS.broker.requestPerMessage)
    drafts.push({ at: message.at, message: `${named(request, block)} leaves no room for ${shown(message.at)}` });
  // Since Kafka 0.10.1 one batch that is too large is fetched all the same: slow, not stuck.
  if (replica !== null && replica.value < message.value)
    drafts.push({
      at: message.at,
      message: `${shown(message.at)} is more than ${named(replica, block)}: replication goes batch by batch`,
      milderBy: 2,
    });
  return drafts;
}

/** Requests that not even the default message fits in. */
function ofRequest(block: Block): Draft[] {
  const request = block.kind === 'broker' ? numeric(block, 'socket.request.max.bytes') : null;
  if (request === null || request.value >= DEFAULT_MAX_MESSAGE_BYTES * CONFIG_LIMITS.broker.requestPerMessage)
    return [];
  const message = `${shown(request.at)} leaves no room for the default message.max.bytes of ${DEFAULT_MAX_MESSAGE_BYTES}`;
  return [{ at: request.at, message, right: 'socket.request.max.bytes=104857600' }];
}

function ofConsumer(block: Block, context: LintContext): Draft[] {
  if (block.library !== 'sarama') return [];
  // In Sarama a message above it cannot be read at all; in the others the limits are soft.
  const most = block.settings.findLast(({ key }) => key === 'Consumer.Fetch.Max');
  const limit = topicLimits(context).reduce<Link | null>((a, b) => (a === null || b.value > a.value ? b : a), null);
  const value = Number(most?.value ?? 0);
  if (most === undefined || !(value > 0) || value >= (limit?.value ?? DEFAULT_MAX_MESSAGE_BYTES)) return [];
  const than = limit === null ? `the default max.message.bytes of ${DEFAULT_MAX_MESSAGE_BYTES}` : named(limit, block);
  return [{ at: most, message: `${shown(most)} is less than ${than}: a larger message cannot be read` }];
}

export const messageSizeLarge: LintRule = {
  id: 'message-size-large',
  kinds: ['topic', 'broker'],
  severity: severities('medium', 'low', 'info'),
  what: 'Messages of more than 8 MiB',
  why: 'each is held in memory whole by producer, broker and consumer, and delays what lies behind it; MSK Serverless refuses them',
  right: 'the payload in S3 and its address in the record',
  reference: `${MSK_GUIDE}/limits.html`,
  find(block, { clusterType }) {
    const found = numeric(block, block.kind === 'topic' ? 'max.message.bytes' : 'message.max.bytes');
    const limit = clusterType === 'serverless' ? SERVERLESS_MAX_MESSAGE_BYTES : CONFIG_LIMITS.topic.maxMessageBytes;
    if (found === null || found.value <= limit) return [];
    const milderBy = clusterType === 'serverless' ? -1 : 0;
    return [{ at: found.at, message: `${shown(found.at)} is ${formatQuantity(found.value, 'bytes')}`, milderBy }];
  },
};
