// The reporter's side of the collector's reply: unpacked, and checked against the snapshot's schemas.
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { type Sections, sectionsSchema } from '../snapshot/schema.ts';
import { COLLECTOR_SECTIONS } from './collector-wire.ts';
import { CORE_SECTIONS, type KafkaSections } from './kafka/plan.ts';

/** A reply that unpacks to more than this is not ours. */
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;

const replySchema = v.strictObject({
  encoding: v.literal('gzip+base64'),
  sections: v.string(),
  /** True when a section was left out because the reply would have been too large. */
  truncated: v.optional(v.boolean()),
});
const kafkaSectionsSchema = v.pipe(
  v.pick(sectionsSchema, COLLECTOR_SECTIONS),
  v.check((sections) => CORE_SECTIONS.every((name) => sections[name] !== undefined), 'the core sections are there'),
);

/** The sections of a reply, checked against the snapshot's schemas; null when it is not a reply of the collector. */
export function decodeCollectorReply(payload: Uint8Array): KafkaSections | null {
  try {
    const reply = v.parse(replySchema, JSON.parse(Buffer.from(payload).toString('utf8')));
    const unpacked = gunzipSync(Buffer.from(reply.sections, 'base64'), { maxOutputLength: MAX_UNPACKED_BYTES });
    const sections: Sections = v.parse(kafkaSectionsSchema, JSON.parse(unpacked.toString('utf8')));
    return sections as KafkaSections;
  } catch {
    // Not JSON, not gzip, too large or not our shape: the caller says which function gave it.
    return null;
  }
}
