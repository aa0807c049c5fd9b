import type { ApiKey } from '../api-keys.ts';
import { MalformedAnswerError, Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** One Kafka API: how its request is written and its answer read, in every version of `versions`. */
export interface Api<Input, Answer> {
  key: ApiKey;
  name: string;
  /** Versions both functions speak, lowest first. Fixed, and low where nothing is gained: they exist on Kafka 2.4 to 4.x. */
  versions: readonly number[];
  /** The first flexible version (KIP-482): compact strings and arrays, tagged fields, a longer request and response header. */
  flexibleFrom: number;
  /** Answers that do not begin with throttle_time_ms: ApiVersions 0, which came before quotas, and DescribeQuorum. */
  withoutThrottle?: true;
  write(writer: Writer, version: number, input: Input): void;
  read(reader: Reader, version: number): Answer;
}

/** API key to the versions a broker accepts. */
export type BrokerVersions = ReadonlyMap<number, { min: number; max: number }>;

/** The highest version both sides speak, or null: the broker is too old, too new, or has the API switched off. */
export function versionFor(api: Api<never, unknown>, broker: BrokerVersions): number | null {
  const range = broker.get(api.key);
  if (range === undefined) return null;
  return api.versions.findLast((version) => version >= range.min && version <= range.max) ?? null;
}

/**
 * The bytes after the request header. kafkajs writes request header v1; header v2 only adds a tagged-field section
 * behind it, so that section's single byte (no tags) is the first byte of a flexible request's body.
 */
export function encodeRequest<Input>(api: Api<Input, unknown>, version: number, input: Input): Buffer {
  const writer = new Writer(version >= api.flexibleFrom);
  writer.tags();
  api.write(writer, version, input);
  return writer.finish();
}

export interface Decoded<Answer> {
  answer: Answer;
  /** How long the broker wants no further request on this connection (KIP-219); 0 nearly always. */
  throttleMs: number;
}

/**
 * Reads the bytes after the correlation id. Trailing bytes are refused: they mean that the two sides disagree on the
 * version, and then nothing read before them can be believed.
 * @throws MalformedAnswerError
 */
export function decodeAnswer<Answer>(api: Api<never, Answer>, version: number, bytes: Buffer): Decoded<Answer> {
  const reader = new Reader(bytes, version >= api.flexibleFrom);
  // Response header v1; ApiVersions keeps header v0 in every version (KIP-511), and is never flexible here.
  reader.tags();
  const throttleMs = api.withoutThrottle ? 0 : reader.int32();
  const answer = api.read(reader, version);
  if (reader.remaining > 0) throw new MalformedAnswerError(`${reader.remaining} bytes follow the ${api.name} answer`);
  return { answer, throttleMs };
}
