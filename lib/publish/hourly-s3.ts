// The report bucket as a store that can be listed.
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { ListedStore, StoredObject } from './hourly.ts';
import { S3Store } from './s3.ts';

/** A page of S3 has a thousand keys: more than these is a server that does not end. */
const MAX_PAGES = 10;

export class ListedS3Store extends S3Store implements ListedStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    super(client, bucket);
    this.#client = client;
    this.#bucket = bucket;
  }

  async list(prefix: string, limit: number): Promise<StoredObject[]> {
    const found: StoredObject[] = [];
    let token: string | undefined;
    for (let page = 0; page < MAX_PAGES && found.length < limit; page += 1) {
      const answer = await this.#client.send(
        new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: prefix, ContinuationToken: token }),
      );
      for (const { Key, Size, LastModified } of answer.Contents ?? []) {
        if (Key !== undefined) found.push({ key: Key, sizeBytes: Size ?? 0, modifiedMs: LastModified?.getTime() ?? 0 });
      }
      token = answer.NextContinuationToken || undefined;
      if (token === undefined) break;
    }
    return found.slice(0, limit);
  }
}
