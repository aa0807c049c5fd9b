// A bucket in memory that records the order of writes and can fail at one of them.
import type { ObjectStore, PutOptions } from '../../lib/publish/store.ts';

export class MemoryStore implements ObjectStore {
  readonly objects = new Map<string, { body: Uint8Array; options: PutOptions }>();
  readonly writes: string[] = [];
  /** The next write of a key that contains this text fails, once. */
  failOnce: string | null = null;

  async get(key: string): Promise<Uint8Array | null> {
    return this.objects.get(key)?.body ?? null;
  }

  async put(key: string, body: string | Uint8Array, options: PutOptions): Promise<void> {
    if (this.failOnce !== null && key.includes(this.failOnce)) {
      this.failOnce = null;
      throw new Error(`SlowDown: ${key}`);
    }
    this.writes.push(key);
    this.objects.set(key, { body: typeof body === 'string' ? Buffer.from(body) : body, options });
  }

  async putOnce(key: string, body: string | Uint8Array, options: PutOptions): Promise<boolean> {
    if (this.objects.has(key)) return false;
    await this.put(key, body, options);
    return true;
  }

  async exists(key: string): Promise<boolean> {
    return this.objects.has(key);
  }

  text(key: string): string | undefined {
    const object = this.objects.get(key);
    return object === undefined ? undefined : new TextDecoder().decode(object.body);
  }
}
