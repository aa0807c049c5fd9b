// Headers of record batches as they lie in a log. Only the 61 bytes in front of a batch's records are looked at: keys, values and
// headers of records are never read, copied or kept.
// Layout: https://kafka.apache.org/documentation/#recordbatch
import { BATCH_CODECS } from '../../../snapshot/kafka-words.ts';

export interface BatchHeader {
  sizeBytes: number;
  records: number;
  codec: (typeof BATCH_CODECS)[number];
  /** -1, as Kafka writes it: the record has no timestamp. Also where either of the two is none that a clock could show. */
  baseTimestampMs: number;
  maxTimestampMs: number;
  isLogAppendTime: boolean;
  isTransactional: boolean;
  isIdempotent: boolean;
}

export interface BatchHeaders {
  /** The newest ones, at most `KEPT_BATCHES`, oldest first. */
  batches: BatchHeader[];
  /** True when messages of the format before Kafka 0.11 lie there: how many records such a batch holds is inside its payload. */
  hasOldFormat: boolean;
}

/** Enough for a median; a partition of small batches would hold thousands within the bytes that are fetched. */
export const KEPT_BATCHES = 100;

const HEADER_BYTES = 61;
/** Offset and length, which the length itself does not count. */
const LENGTH_END = 12;
const MAGIC_END = 17;
/** Of a message before version 2: offset, length, checksum, magic, attributes, lengths of key and value. */
const OLD_HEADER_BYTES = 26;
const NO_TIMESTAMP = -1;

const CODEC = 0b111;
const LOG_APPEND_TIME = 1 << 3;
const TRANSACTIONAL = 1 << 4;
const CONTROL = 1 << 5;
const DELETE_HORIZON = 1 << 6;

/**
 * Walks over fetched bytes from header to header. Never throws: what does not look like a batch ends the walk. The last batch may
 * be cut off, as brokers send what fits; it counts when its header is whole.
 */
export function readBatchHeaders(bytes: Buffer): BatchHeaders {
  const batches: BatchHeader[] = [];
  let hasOldFormat = false;
  for (let at = 0; at + MAGIC_END <= bytes.length; ) {
    const sizeBytes = LENGTH_END + bytes.readInt32BE(at + 8);
    const isOld = bytes.readInt8(at + 16) < 2;
    // Each step is forward by a header at least, so that no length can make this walk endless.
    if (sizeBytes < (isOld ? OLD_HEADER_BYTES : HEADER_BYTES)) break;
    if (!isOld && at + HEADER_BYTES > bytes.length) break;
    if (isOld) hasOldFormat = true;
    else if (isOfProducer(bytes, at)) batches.push(readHeader(bytes, at, sizeBytes));
    if (batches.length > KEPT_BATCHES) batches.shift();
    at += sizeBytes;
  }
  return { batches, hasOldFormat };
}

/** Not a transaction's marker, and not rewritten by the log cleaner, which leaves gaps or a delete horizon in place of a timestamp. */
function isOfProducer(bytes: Buffer, at: number): boolean {
  const records = bytes.readInt32BE(at + 57);
  const lastOffsetDelta = bytes.readInt32BE(at + 23);
  return (attributesOf(bytes, at) & (CONTROL | DELETE_HORIZON)) === 0 && records > 0 && records === lastOffsetDelta + 1;
}

function readHeader(bytes: Buffer, at: number, sizeBytes: number): BatchHeader {
  const attributes = attributesOf(bytes, at);
  const base = bytes.readBigInt64BE(at + 27);
  const max = bytes.readBigInt64BE(at + 35);
  const isTime = base >= 0n && max <= BigInt(Number.MAX_SAFE_INTEGER) && base <= max;
  return {
    sizeBytes,
    records: bytes.readInt32BE(at + 57),
    codec: BATCH_CODECS[attributes & CODEC] ?? 'unknown',
    baseTimestampMs: isTime ? Number(base) : NO_TIMESTAMP,
    maxTimestampMs: isTime ? Number(max) : NO_TIMESTAMP,
    isLogAppendTime: (attributes & LOG_APPEND_TIME) !== 0,
    isTransactional: (attributes & TRANSACTIONAL) !== 0,
    isIdempotent: bytes.readBigInt64BE(at + 43) >= 0n,
  };
}

function attributesOf(bytes: Buffer, at: number): number {
  return bytes.readInt16BE(at + 21);
}
