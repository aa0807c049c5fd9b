const TWO_32 = 4294967296;
/** The high word up to which an int64 fits a JavaScript number exactly. */
const SAFE_HIGH_WORD = 0x1f_ffff;

/** The decimal string of an int64 given as its two words. */
export function int64Text(high: number, low: number): string {
  const unsignedLow = low >>> 0;
  // BigInt costs ten times as much, and real offsets take this path.
  if (high >= 0 && high <= SAFE_HIGH_WORD) return String(high * TWO_32 + unsignedLow);
  return (BigInt(high) * BigInt(TWO_32) + BigInt(unsignedLow)).toString();
}

/** Very many int64 in eight bytes each, exact over their whole range. */
export class Int64Column {
  private readonly words: Int32Array;

  constructor(words: Int32Array) {
    this.words = words;
  }

  static ofSize(size: number): Int64Column {
    return new Int64Column(new Int32Array(2 * size));
  }

  set(position: number, high: number, low: number): void {
    this.words[2 * position] = high;
    this.words[2 * position + 1] = low;
  }

  isNegative(position: number): boolean {
    return (this.words[2 * position] ?? 0) < 0;
  }

  /** As a decimal string, as offsets stand in a snapshot. */
  textAt(position: number): string {
    return int64Text(this.words[2 * position] ?? 0, this.words[2 * position + 1] ?? 0);
  }

  /** A copy of the first values, so that room which was not needed is not kept. */
  first(size: number): Int64Column {
    return new Int64Column(this.words.slice(0, 2 * size));
  }
}
