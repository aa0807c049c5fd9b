// The primitive types of the Kafka protocol. A reader never trusts a length: an answer cannot make us allocate more than it sent.

/** An answer that is not what the protocol says it must be. */
export class MalformedAnswerError extends Error {
  override name = 'MalformedAnswerError';
}

const TWO_32 = 4294967296;
/** The high word up to which an int64 fits a JavaScript number exactly. */
const SAFE_HIGH_WORD = 0x1f_ffff;

/**
 * Reads one answer front to back. `flexible` (KIP-482) switches strings, arrays and bytes to their compact forms
 * and makes `tags()` skip a tagged-field section, so that one decoder serves all versions of an API.
 */
export class Reader {
  private offset = 0;
  private readonly bytes: Buffer;
  readonly flexible: boolean;

  constructor(bytes: Buffer, flexible = false) {
    this.bytes = bytes;
    this.flexible = flexible;
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  private take(size: number): number {
    if (size > this.remaining) throw new MalformedAnswerError(`answer ends ${size - this.remaining} bytes too early`);
    const at = this.offset;
    this.offset += size;
    return at;
  }

  int8(): number {
    return this.bytes.readInt8(this.take(1));
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  int16(): number {
    return this.bytes.readInt16BE(this.take(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.take(4));
  }

  /** An int64 as a decimal string: offsets exceed what a JavaScript number holds. */
  int64(): string {
    const at = this.take(8);
    const high = this.bytes.readInt32BE(at);
    // BigInt costs ten times as much, and real offsets take this path.
    if (high >= 0 && high <= SAFE_HIGH_WORD) return String(high * TWO_32 + this.bytes.readUInt32BE(at + 4));
    return this.bytes.readBigInt64BE(at).toString();
  }

  unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes.readUInt8(this.take(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new MalformedAnswerError('a varint is longer than 5 bytes');
  }

  uuid(): string {
    const at = this.take(16);
    return this.bytes.toString('base64url', at, at + 16);
  }

  nullableString(): string | null {
    const size = this.flexible ? this.unsignedVarint() - 1 : this.int16();
    if (size < 0) return null;
    const at = this.take(size);
    return this.bytes.toString('utf8', at, at + size);
  }

  string(): string {
    return this.nullableString() ?? '';
  }

  nullableBytes(): Buffer | null {
    const size = this.flexible ? this.unsignedVarint() - 1 : this.int32();
    if (size < 0) return null;
    const at = this.take(size);
    return this.bytes.subarray(at, at + size);
  }

  /**
   * @param minItemBytes the fewest bytes an item can take: a count that cannot fit the rest of the answer is refused
   *   before anything is allocated
   */
  nullableArray<T>(minItemBytes: number, item: (reader: this) => T): T[] | null {
    const count = this.flexible ? this.unsignedVarint() - 1 : this.int32();
    if (count < 0) return null;
    if (count * minItemBytes > this.remaining) throw new MalformedAnswerError(`an array claims ${count} items`);
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(item(this));
    return items;
  }

  array<T>(minItemBytes: number, item: (reader: this) => T): T[] {
    return this.nullableArray(minItemBytes, item) ?? [];
  }

  int32Array(): number[] {
    return this.array(4, (reader) => reader.int32());
  }

  /** Skips the tagged fields of a flexible version; nothing in an older one. */
  tags(): void {
    if (!this.flexible) return;
    const count = this.unsignedVarint();
    if (count * 2 > this.remaining) throw new MalformedAnswerError(`${count} tagged fields are claimed`);
    for (let i = 0; i < count; i++) {
      this.unsignedVarint();
      this.take(this.unsignedVarint());
    }
  }
}
