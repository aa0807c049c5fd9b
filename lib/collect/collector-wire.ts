// What travels between the reporter and the Kafka collector Lambda inside the cluster's VPC: one request, one compressed reply.
// Credentials of SCRAM and mTLS travel in the request of the direct invocation and nowhere else: never log either of the two.
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { missing } from '../snapshot/collected.ts';
import {
  CORE_SECTIONS,
  EXTRA_SECTIONS,
  type KafkaSectionName,
  type KafkaSections,
  READ_DATA_SECTIONS,
  TIMESTAMP_MODES,
} from './kafka/plan.ts';
import { EXPORTERS } from './open-monitoring/exporters.ts';

/** Lambda's limit of a synchronous payload is 6 MB; what is above this stays out of the reply. */
export const MAX_REPLY_BYTES = 5_000_000;

const nonEmpty = v.pipe(v.string(), v.nonEmpty());

/** PEM text of the authority to trust in place of the public ones. */
const trust = { ca: v.exactOptional(nonEmpty) };

/** IAM carries no secret: the collector signs with its own role. */
const wireAuthSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('none') }),
  v.strictObject({ kind: v.literal('tls'), ...trust }),
  v.strictObject({ kind: v.literal('iam'), region: nonEmpty, ...trust }),
  v.strictObject({ kind: v.literal('mtls'), cert: nonEmpty, key: nonEmpty, ...trust }),
  v.strictObject({ kind: v.picklist(['scram', 'plain']), username: nonEmpty, password: nonEmpty, ...trust }),
]);

export const collectorRequestSchema = v.strictObject({
  brokers: v.pipe(
    v.array(v.pipe(v.string(), v.regex(/^[^\s:]+:\d{1,5}$/, 'host:port'))),
    v.minLength(1),
    v.maxLength(100),
  ),
  auth: wireAuthSchema,
  /** Whether the listener speaks TLS; `iam`, `tls` and `mtls` always do. */
  tls: v.boolean(),
  plan: v.strictObject({
    samples: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20)),
    intervalSec: v.pipe(v.number(), v.minValue(0), v.maxValue(600)),
    sections: v.array(v.picklist([...EXTRA_SECTIONS, ...READ_DATA_SECTIONS])),
    timestamps: v.picklist(TIMESTAMP_MODES),
    openMonitoring: v.optional(
      v.strictObject({
        exporters: v.array(v.picklist(EXPORTERS)),
        spanSec: v.pipe(v.number(), v.minValue(1), v.maxValue(600)),
      }),
    ),
  }),
  /** Epoch milliseconds by which the reply must be on its way. */
  deadlineMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});
export type CollectorRequest = v.InferOutput<typeof collectorRequestSchema>;
export type CollectorAuth = CollectorRequest['auth'];

export interface CollectorReply {
  encoding: 'gzip+base64';
  sections: string;
  /** True when a section was left out because the reply would have been too large. */
  truncated?: boolean;
}

/** All that a reply may hold. */
export const COLLECTOR_SECTIONS = [
  ...CORE_SECTIONS,
  ...EXTRA_SECTIONS,
  ...READ_DATA_SECTIONS,
  'openMonitoring',
] as const;
/** The request of an event, or null when it is none. What was wrong is not said: the event may hold a password. */
export function decodeCollectorRequest(event: unknown): CollectorRequest | null {
  const result = v.safeParse(collectorRequestSchema, event);
  return result.success ? result.output : null;
}

/** The reply for these sections; while it is larger than `maxBytes`, the largest section gives way and says so. */
export function encodeCollectorReply(sections: KafkaSections, maxBytes = MAX_REPLY_BYTES): CollectorReply {
  let kept = sections;
  let packed = pack(kept);
  let truncated = false;
  while (packed.length > maxBytes) {
    const largest = largestSection(kept);
    if (largest === null) break;
    const left = missing('failed', `left out: the collector's reply would exceed ${maxBytes} bytes`);
    kept = { ...kept, [largest]: left };
    truncated = true;
    packed = pack(kept);
  }
  return { encoding: 'gzip+base64', sections: packed, ...(truncated ? { truncated } : {}) };
}

function pack(sections: KafkaSections): string {
  return gzipSync(JSON.stringify(sections)).toString('base64');
}

function largestSection(sections: KafkaSections): KafkaSectionName | null {
  const sizes = COLLECTOR_SECTIONS.filter((name) => sections[name]?.ok).map((name) => ({
    name,
    size: JSON.stringify(sections[name]).length,
  }));
  return sizes.sort((a, b) => b.size - a.size)[0]?.name ?? null;
}
