// Offsets of Kafka: 64-bit, decimal strings in the snapshot.

/**
 * A number where one holds it exactly, which is everything that a broker reaches in practice and far cheaper for 20,000 group
 * partitions; else a bigint. The two compare with `<`, `>` and `===` as they should, because each value has one form only.
 */
export type Offset = number | bigint;

/** Kafka answers -1 for "none". */
export function parseOffset(decimal: string | null): Offset | null {
  if (decimal === null) return null;
  const value = Number(decimal);
  const offset = Number.isSafeInteger(value) ? value : BigInt(decimal);
  return offset < 0 ? null : offset;
}

/** a - b, in messages. */
export function distance(a: Offset, b: Offset): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : Number(BigInt(a) - BigInt(b));
}
