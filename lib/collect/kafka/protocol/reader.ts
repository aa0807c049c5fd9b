// The primitive types of the Kafka protocol. A reader never trusts a length: an answer cannot make us allocate more than it sent.
import { int64Text } from './int64-column.ts';

/** An answer that is not what the protocol says it must be. */
export class MalformedAnswerError extends Error {
  override name = 'MalformedAnswerError';
}

const TWO_32 = 4294967296;

/**
 * Reads one answer front to back. `flexible` (KIP-482) switches strings, arrays and bytes to their compact forms
 * and makes `tags()` skip a tagged-field section, so that one decoder serves all versions of an API.
 */
export class Reader {
  private offset = 0;
  private readonly bytes: Buffer;
  /** Half the time of Buffer's own methods, which check what `take` has checked. */
  readonly view: DataView;
  private readonly end: number;
  readonly flexible: boolean;

  constructor(bytes: Buffer, flexible = false) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.end = bytes.length;
    this.flexible = flexible;
  }

  get remaining(): number {
    return this.end - this.offset;
  }

  /** Passes over bytes: where they begin in `view`, for several fields of fixed size at once. */
  take(size: number): number {
    const at = this.offset;
    if (at + size > this.end) throw new MalformedAnswerError(`answer ends ${at + size - this.end} bytes too early`);
    this.offset = at + size;
    return at;
  }

  /** Passes over the next four bytes if they are these, given as an int32. */
  takeIf(bytes: number): boolean {
    if (this.remaining < 4 || this.view.getInt32(this.offset) !== bytes) return false;
    this.offset += 4;
    return true;
  }

  int8(): number {
    return this.view.getInt8(this.take(1));
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  int16(): number {
    return this.view.getInt16(this.take(2));
  }

  int32(): number {
    return this.view.getInt32(this.take(4));
  }

  /** An int64 as a decimal string: offsets exceed what a JavaScript number holds. */
  int64(): string {
    const at = this.take(8);
    return int64Text(this.view.getInt32(at), this.view.getInt32(at + 4));
  }

  /** An int64 as a number: for times and sizes, which mean nothing beyond what a number holds exactly and are cut off there. */
  int64AsNumber(): number {
    const at = this.take(8);
    const value = this.view.getInt32(at) * TWO_32 + this.view.getUint32(at + 4);
    return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(value, Number.MAX_SAFE_INTEGER));
  }

  float64(): number {
    return this.view.getFloat64(this.take(8));
  }

  unsignedVarint(): number {
    const first = this.view.getUint8(this.take(1));
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      const byte = this.view.getUint8(this.take(1));
      if (byte < 0x80) return value + byte * 2 ** shift;
      value += (byte & 0x7f) * 2 ** shift;
    }
    throw new MalformedAnswerError('a varint is longer than 5 bytes');
  }

  /** Passes over a UUID: topics and directories have names. */
  skipUuid(): void {
    this.take(16);
  }

  nullableString(): string | null {
    const size = this.stringSize();
    if (size < 0) return null;
    const at = this.take(size);
    return this.bytes.toString('utf8', at, at + size);
  }

  string(): string {
    return this.nullableString() ?? '';
  }

  /** Passes over a string that nobody needs. */
  skipString(): void {
    const size = this.stringSize();
    if (size > 0) this.take(size);
  }

  private stringSize(): number {
    return this.flexible ? this.unsignedVarint() - 1 : this.int16();
  }

  nullableBytes(): Buffer | null {
    const size = this.flexible ? this.unsignedVarint() - 1 : this.int32();
    if (size < 0) return null;
    const at = this.take(size);
    return this.bytes.subarray(at, at + size);
  }

  /**
   * Begins an array and gives its number of items, -1 for null.
   * @param minItemBytes the fewest bytes an item can take: a count that cannot fit the rest of the answer is refused
   *   before anything is allocated
   */
  nullableCount(minItemBytes: number): number {
    const count = this.flexible ? this.unsignedVarint() - 1 : this.int32();
    if (count * minItemBytes > this.remaining) throw new MalformedAnswerError(`an array claims ${count} items`);
    return count;
  }

  /** @param minItemBytes as for `nullableCount` */
  nullableArray<T>(minItemBytes: number, item: (reader: this) => T): T[] | null {
    const count = this.nullableCount(minItemBytes);
    if (count < 0) return null;
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(item(this));
    return items;
  }

  array<T>(minItemBytes: number, item: (reader: this) => T): T[] {
    return this.nullableArray(minItemBytes, item) ?? [];
  }

  /** Passes over an array; `item` passes over one item. */
  skipArray(minItemBytes: number, item: (reader: this) => void): void {
    for (let count = this.nullableCount(minItemBytes); count > 0; count--) item(this);
  }

  skipStrings(): void {
    this.skipArray(this.flexible ? 1 : 2, () => this.skipString());
  }

  int32Array(): number[] {
    return this.array(4, (reader) => reader.int32());
  }

  /** A struct that may be null: a byte says whether it is there, in all versions. */
  nullableStruct<T>(read: (reader: this) => T): T | null {
    return this.int8() < 0 ? null : read(this);
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
