// Writes the primitive types of the Kafka protocol.

/** Writes one request; the mirror of Reader. */
export class Writer {
  private bytes = Buffer.allocUnsafe(1024);
  private offset = 0;
  readonly flexible: boolean;

  constructor(flexible = false) {
    this.flexible = flexible;
  }

  /** Makes room and answers where to write. Call it before touching `this.bytes`: it may replace the buffer. */
  private grow(size: number): number {
    const at = this.offset;
    if (at + size > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, at + size));
      this.bytes.copy(larger, 0, 0, at);
      this.bytes = larger;
    }
    this.offset = at + size;
    return at;
  }

  finish(): Buffer {
    return this.bytes.subarray(0, this.offset);
  }

  int8(value: number): this {
    const at = this.grow(1);
    this.bytes.writeInt8(value, at);
    return this;
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  int16(value: number): this {
    const at = this.grow(2);
    this.bytes.writeInt16BE(value, at);
    return this;
  }

  int32(value: number): this {
    const at = this.grow(4);
    this.bytes.writeInt32BE(value, at);
    return this;
  }

  int64(value: bigint): this {
    const at = this.grow(8);
    this.bytes.writeBigInt64BE(value, at);
    return this;
  }

  unsignedVarint(value: number): this {
    let rest = value;
    while (rest > 0x7f) {
      const at = this.grow(1);
      this.bytes.writeUInt8((rest % 0x80) + 0x80, at);
      rest = Math.floor(rest / 0x80);
    }
    const at = this.grow(1);
    this.bytes.writeUInt8(rest, at);
    return this;
  }

  raw(value: Buffer): this {
    const at = this.grow(value.length);
    value.copy(this.bytes, at);
    return this;
  }

  nullableString(value: string | null): this {
    const encoded = value === null ? null : Buffer.from(value, 'utf8');
    const size = encoded?.length ?? -1;
    if (this.flexible) this.unsignedVarint(size + 1);
    else this.int16(size);
    return encoded === null ? this : this.raw(encoded);
  }

  nullableBytes(value: Buffer | null): this {
    const size = value?.length ?? -1;
    if (this.flexible) this.unsignedVarint(size + 1);
    else this.int32(size);
    return value === null ? this : this.raw(value);
  }

  nullableArray<T>(items: readonly T[] | null, item: (value: T, writer: this, index: number) => void): this {
    const count = items?.length ?? -1;
    if (this.flexible) this.unsignedVarint(count + 1);
    else this.int32(count);
    items?.forEach((value, index) => {
      item(value, this, index);
    });
    return this;
  }

  /** An empty tagged-field section in a flexible version; nothing in an older one. */
  tags(): this {
    return this.flexible ? this.unsignedVarint(0) : this;
  }
}
