// Bytes around a record batch: https://kafka.apache.org/documentation/#recordbatch.

/** Offset and length in front of a batch: why message.max.bytes is 1 MiB and 12 by default, and replica.fetch.max.bytes 1 MiB. */
export const BATCH_OVERHEAD_BYTES = 12;
