// Rules about how a producer collects and packs what it sends.
import { CODECS, codecFor } from '../../facts/codecs.ts';
import { CONFIG_LIMITS } from '../../policy/config-limits.ts';
import { formatQuantity } from '../../text/units.ts';
import type { Draft, LintRule } from '../lint-types.ts';
import {
  advised,
  CLIENT_PAGE,
  CLIENTS,
  KAFKA_DOCS,
  line,
  numeric,
  PRODUCERS,
  setting,
  severities,
  shown,
} from '../rule.ts';

const LIMITS = CONFIG_LIMITS.producer;
const CODEC_SOURCE = 'https://docs.conduktor.io/learn/advanced/producers/compression';

export const batchSizeSmall: LintRule = {
  id: 'batch-size-small',
  kinds: PRODUCERS,
  severity: severities('high', 'medium', 'low'),
  what: 'A batch size below the default, often because it was taken for a number of messages',
  why: 'batch.size is in bytes of one batch of one partition; small batches are more requests, and requests are what brokers run out of',
  right: 'batch.size of 65536 to 131072 bytes, together with linger.ms of 5 to 25',
  reference: CLIENT_PAGE,
  find(block, context) {
    const found = numeric(block, 'batch.size');
    // 0 of Sarama's is no limit.
    if (found === null || found.value >= LIMITS.advisedBatchBytes || (found.value === 0 && block.library === 'sarama'))
      return [];
    const right = advised(block, 'batch.size', context);
    if (found.value < LIMITS.minBatchBytes) {
      const looksCounted = found.value <= 10_000 && found.value % 10 === 0 ? ': bytes, not messages' : '';
      return [
        {
          at: found.at,
          message: `${shown(found.at)} is ${formatQuantity(found.value, 'bytes')}${looksCounted}`,
          right,
        },
      ];
    }
    // The default is no mistake: worth a word where throughput counts, none where latency does.
    if (context.goal === 'latency') return [];
    const milderBy = context.goal === 'throughput' || context.goal === 'cost' ? 2 : 4;
    return [
      { at: found.at, message: `${shown(found.at)} is less than the 64 to 128 KiB that AWS asks for`, right, milderBy },
    ];
  },
};

export const batchSizeLarge: LintRule = {
  id: 'batch-size-large',
  kinds: PRODUCERS,
  severity: severities('low', 'info', 'info'),
  what: 'A batch that may exceed what the topic takes',
  why: 'max.message.bytes limits a whole batch: one above it is refused, or split and sent again',
  right: 'batch.size well below max.message.bytes (1048588 by default)',
  reference: `${KAFKA_DOCS}/#topicconfigs_max.message.bytes`,
  find(block, { blocks }) {
    const found = numeric(block, 'batch.size');
    const topics = blocks.flatMap((each) =>
      each.kind === 'topic' ? (numeric(each, 'max.message.bytes')?.value ?? []) : [],
    );
    const limit = topics.length === 0 ? LIMITS.maxBatchBytes : Math.min(...topics) * 0.99;
    if (found === null || found.value <= limit) return [];
    return [
      {
        at: found.at,
        message: `${shown(found.at)} fills max.message.bytes to the brim`,
        right: line(block, 'batch.size', String(LIMITS.advisedBatchBytes * 8)),
      },
    ];
  },
};

export const flushPerMessage: LintRule = {
  id: 'flush-per-message',
  kinds: PRODUCERS,
  severity: severities('high', 'medium', 'low'),
  what: 'A flush after each message',
  why: "a request for each message fills the brokers' request queues: under load the latency it should save explodes",
  right: 'no count, or one of thousands; the time limit bounds the wait',
  reference: CLIENT_PAGE,
  find(block) {
    const found = numeric(block, 'batch.num.messages');
    // 0 of Sarama's is no limit.
    if (found === null || found.value > 10 || found.value < 1) return [];
    return [
      {
        at: found.at,
        message: shown(found.at),
        right: line(block, 'batch.num.messages', block.library === 'sarama' ? '0' : '10000'),
      },
    ];
  },
};

export const lingerUnfit: LintRule = {
  id: 'linger-unfit',
  kinds: PRODUCERS,
  severity: severities('medium', 'low', 'info'),
  what: 'A wait for batches that is too short to fill any, or too long for the goal',
  why: 'with no wait each record is a request under light load: the most common cause of busy brokers; a long wait is latency',
  right: 'linger.ms of 5 for latency, 10 to 25 otherwise, never 0',
  reference: CLIENT_PAGE,
  find(block, context) {
    const found = numeric(block, 'linger.ms');
    if (found === null) return [];
    const right = advised(block, 'linger.ms', context);
    if (found.value < LIMITS.minLingerMs)
      return [{ at: found.at, message: shown(found.at), right, milderBy: found.value === 0 ? 0 : 1 }];
    const most = context.goal === 'latency' ? LIMITS.maxLingerMs.latency : LIMITS.maxLingerMs.other;
    return found.value <= most
      ? []
      : [{ at: found.at, message: `${shown(found.at)} for the goal ${context.goal}`, right, milderBy: 1 }];
  },
};

export const bufferSmall: LintRule = {
  id: 'buffer-small',
  kinds: PRODUCERS,
  severity: severities('low', 'low', 'info'),
  what: "A producer's buffer smaller than what a leader change needs",
  why: 'while a leader moves, records wait in it; when it is full, send() blocks the application',
  right: 'buffer.memory=67108864',
  reference: CLIENT_PAGE,
  find(block, context) {
    const found = numeric(block, 'buffer.memory');
    const least = context.goal === 'throughput' ? LIMITS.advisedBufferBytes : LIMITS.minBufferBytes;
    return found === null || found.value >= least
      ? []
      : [{ at: found.at, message: shown(found.at), right: advised(block, 'buffer.memory', context) }];
  },
};

export const codecUnfit: LintRule = {
  id: 'codec-unfit',
  kinds: PRODUCERS,
  severity: severities('low', 'low', 'info'),
  what: 'A codec that another one beats at the goal',
  why: 'gzip costs several times the CPU of zstd, at producer and consumers, for about the same size; no codec at all costs network, disk and storage',
  right: 'zstd for cost, lz4 otherwise (zstd needs clients and brokers of 2.1 or newer)',
  reference: CODEC_SOURCE,
  find(block, context) {
    const at = setting(block, 'compression.type');
    if (at === null) return [];
    const to = at.value === 'gzip' && context.goal !== 'latency' ? 'zstd' : codecFor(context.goal);
    const row = CODECS.find(({ codec }) => codec === at.value);
    const right =
      block.library === 'kafkajs'
        ? `${at.key}=${to.toUpperCase()} (with its codec package)`
        : line(block, 'compression.type', to);
    if (at.value === 'gzip')
      return [{ at, message: `${shown(at)}: ${row!.cpu} CPU; zstd packs as well for less`, right }];
    if (at.value === 'none') return [{ at, message: shown(at), right, milderBy: context.goal === 'latency' ? 2 : 0 }];
    const isSecond = at.value === 'snappy' && (context.goal === 'latency' || context.goal === 'cost');
    return isSecond
      ? [{ at, message: `${shown(at)}: ${to} does better for the goal ${context.goal}`, right, milderBy: 2 }]
      : [];
  },
};

export const clientSocketBuffers: LintRule = {
  id: 'client-socket-buffers',
  kinds: CLIENTS,
  severity: severities('low', 'info', 'info'),
  what: "A client's socket buffers fixed to a small size",
  why: 'what crosses availability zones or regions waits for them; the operating system sizes them better',
  right: '-1 (librdkafka: 0), the size that the operating system chooses',
  reference: CLIENT_PAGE,
  find: (block) =>
    ['send.buffer.bytes', 'receive.buffer.bytes'].flatMap((name): Draft[] => {
      const found = numeric(block, name);
      if (found === null || found.value <= 0 || found.value >= CONFIG_LIMITS.broker.minSocketBufferBytes) return [];
      return [
        {
          at: found.at,
          message: shown(found.at),
          right: line(block, name, block.library === 'librdkafka' ? '0' : '-1'),
        },
      ];
    }),
};
