/** Writes Kafka's primitive types; the compact ones belong to the flexible versions. */
export class Writer {
  readonly #parts: Buffer[] = [];

  int8(value: number): this {
    const part = Buffer.alloc(1);
    part.writeInt8(value);
    return this.#add(part);
  }

  int16(value: number): this {
    const part = Buffer.alloc(2);
    part.writeInt16BE(value);
    return this.#add(part);
  }

  int32(value: number): this {
    const part = Buffer.alloc(4);
    part.writeInt32BE(value);
    return this.#add(part);
  }

  int64(value: bigint): this {
    const part = Buffer.alloc(8);
    part.writeBigInt64BE(value);
    return this.#add(part);
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const text = Buffer.from(value, 'utf8');
    return this.int16(text.length).#add(text);
  }

  /** `null` is Kafka's way to ask for everything. */
  array<T>(items: readonly T[] | null, write: (item: T, writer: this) => void): this {
    if (items === null) return this.int32(-1);
    this.int32(items.length);
    for (const item of items) write(item, this);
    return this;
  }

  varint(value: number): this {
    const bytes: number[] = [];
    let rest = value >>> 0;
    while (rest >= 0x80) {
      bytes.push((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes.push(rest);
    return this.#add(Buffer.from(bytes));
  }

  compactBytes(value: Uint8Array): this {
    return this.varint(value.length + 1).#add(Buffer.from(value));
  }

  emptyCompactArray(): this {
    return this.varint(1);
  }

  noTags(): this {
    return this.varint(0);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #add(part: Buffer): this {
    this.#parts.push(part);
    return this;
  }
}

export class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#move(1));
  }

  bool(): boolean {
    return this.int8() !== 0;
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#move(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#move(4));
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#move(8));
  }

  string(): string | null {
    return this.#text(this.int16());
  }

  array<T>(read: () => T): T[] {
    return this.#items(this.int32(), read);
  }

  compactString(): string | null {
    return this.#text(this.varint() - 1);
  }

  compactArray<T>(read: () => T): T[] {
    return this.#items(this.varint() - 1, read);
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#move(1));
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  skipTags(): void {
    for (let left = this.varint(); left > 0; left -= 1) {
      this.varint();
      const length = this.varint();
      this.#move(length);
    }
  }

  #text(length: number): string | null {
    if (length < 0) return null;
    const start = this.#move(length);
    return this.#bytes.toString('utf8', start, start + length);
  }

  #items<T>(count: number, read: () => T): T[] {
    const items: T[] = [];
    for (let i = 0; i < count; i += 1) items.push(read());
    return items;
  }

  #move(length: number): number {
    const start = this.#at;
    this.#at += length;
    return start;
  }
}
