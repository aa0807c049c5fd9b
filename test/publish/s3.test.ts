import {
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { S3Store } from '../../lib/publish/s3.ts';

const s3 = mockClient(S3Client);
const store = new S3Store(new S3Client({ region: 'eu-west-1' }), 'reports');
const options = { contentType: 'application/json' };

function refusal(status: number): Error {
  return Object.assign(new Error('refused'), { name: 'Refused', $metadata: { httpStatusCode: status } });
}

describe('objects in the bucket', () => {
  beforeEach(() => {
    s3.reset();
  });

  test('a write that must happen once leaves the decision to S3', async () => {
    s3.on(PutObjectCommand).resolves({});
    expect(await store.putOnce('k', 'body', options)).toBe(true);
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({ IfNoneMatch: '*', Key: 'k' });
  });

  test('412 means another attempt was first', async () => {
    s3.on(PutObjectCommand).rejects(refusal(412));
    expect(await store.putOnce('k', 'body', options)).toBe(false);
  });

  test('409 means another attempt is writing: asked again until the outcome is known', async () => {
    s3.on(PutObjectCommand).rejectsOnce(refusal(409)).rejects(refusal(412));
    expect(await store.putOnce('k', 'body', options)).toBe(false);
    expect(s3.commandCalls(PutObjectCommand)).toHaveLength(2);
  });

  test('other failures are not mistaken for "was there already"', async () => {
    s3.on(PutObjectCommand).rejects(refusal(503));
    await expect(store.putOnce('k', 'body', options)).rejects.toThrow('refused');
  });

  test('an absent object is null, a forbidden one is an error: absence must not be guessed', async () => {
    s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: 'no', $metadata: {} }));
    s3.on(HeadObjectCommand).rejects(new NotFound({ message: 'no', $metadata: {} }));
    expect(await store.get('k')).toBeNull();
    expect(await store.exists('k')).toBe(false);
    s3.on(GetObjectCommand).rejects(refusal(403));
    await expect(store.get('k')).rejects.toThrow('refused');
  });
});
