import { MalformedAnswerError, Reader } from './reader.ts';

/** The first version of ConsumerProtocolSubscription with a rack (KIP-881, clients of Kafka 3.5 and later). */
const WITH_RACK = 3;

/**
 * The `client.rack` of a member of a classic consumer group, from the bytes it joined with. Brokers pass those on unchecked,
 * and not every client writes them as Kafka's own do: what cannot be read is no rack, and no error.
 */
export function readMemberRack(bytes: Buffer | null): string | null {
  if (bytes === null) return null;
  try {
    return readRack(new Reader(bytes));
  } catch (error) {
    if (error instanceof MalformedAnswerError) return null;
    throw error;
  }
}

function readRack(reader: Reader): string | null {
  const version = reader.int16();
  if (version < WITH_RACK) return null;
  reader.skipStrings(); // topics
  reader.nullableBytes(); // user_data
  reader.skipArray(6, () => {
    reader.skipString();
    reader.skipArray(4, () => reader.int32());
  }); // owned_partitions
  reader.int32(); // generation_id
  return reader.nullableString();
}
