import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type HourlyHistory, historyOf } from '../../lib/history/hourly.ts';
import { HOUR_MS } from '../../lib/history/hourly-rollup.ts';
import { type ListedStore, loadHourly, rollupKey, type StoredObject, storeHourly } from '../../lib/publish/hourly.ts';
import { ListedDirectoryStore } from '../../lib/publish/hourly-directory.ts';
import { ListedS3Store } from '../../lib/publish/hourly-s3.ts';
import { AwsError } from '../../sandbox/aws/http.ts';
import { type Answer, type AwsFront, startAwsFront } from '../collect/aws-front.ts';
import { MemoryStore } from './memory-store.ts';

const NOW = Date.UTC(2026, 10, 3, 6, 15);
const CLUSTER = { name: 'orders', identity: '0a1b2c3d-aaaa', accountId: '111122223333', region: 'us-east-1' };
const SETTLED = Math.floor(NOW / HOUR_MS) * HOUR_MS;

/** A bucket that can be listed, and counts what is read of it. */
class ListedMemoryStore extends MemoryStore implements ListedStore {
  readonly read: string[] = [];
  readonly listed: string[] = [];
  readonly modified = new Map<string, number>();

  async list(prefix: string, limit: number): Promise<StoredObject[]> {
    this.listed.push(prefix);
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix)).slice(0, limit);
    return keys.map((key) => ({
      key,
      sizeBytes: this.objects.get(key)!.body.byteLength,
      modifiedMs: this.modified.get(key) ?? NOW,
    }));
  }

  override async get(key: string): Promise<Uint8Array | null> {
    this.read.push(key);
    return super.get(key);
  }
}

const history = (
  broker: string,
  values: (number | null)[],
  startMs = SETTLED - values.length * HOUR_MS,
): HourlyHistory =>
  historyOf(
    [
      {
        metric: 'BytesInPerSec',
        statistic: 'Average',
        unit: 'Bytes/Second',
        dimensions: { 'Cluster Name': 'orders', 'Broker ID': broker },
        periodSec: 3600,
        startMs,
        values,
      },
    ],
    { startMs, endMs: startMs + values.length * HOUR_MS },
  );
const valuesOf = (all: HourlyHistory) => [...all.values()].flatMap(({ hours }) => [...hours].map(([, value]) => value));
const run = (id: string, takenAtMs = NOW) => ({ id, takenAtMs });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msk-checkup-hourly-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  ['a bucket', () => new ListedMemoryStore()],
  ['a directory', () => new ListedDirectoryStore(folder)],
])('in %s', (_, open) => {
  test('what runs have left is joined, the newest word last', async () => {
    const store: ListedStore = open();
    await storeHourly(store, CLUSTER, run('b'), history('1', [10, 20]));
    await storeHourly(store, CLUSTER, run('a', NOW - 86_400_000), history('1', [1, 2, 3]));
    await storeHourly(store, CLUSTER, run('c', NOW - 10 * 86_400_000), history('2', [7]));
    const loaded = await loadHourly(store, CLUSTER, NOW);
    expect(loaded.notices).toEqual([]);
    expect(new Set(valuesOf(loaded.history))).toEqual(new Set([1, 10, 20, 7]));
  });

  test('nothing stored is an empty history', async () => {
    expect(await loadHourly(open(), CLUSTER, NOW)).toEqual({ history: new Map(), notices: [] });
  });

  test('a second attempt at the same run changes nothing, and a run that adds nothing writes nothing', async () => {
    const store: ListedStore = open();
    await storeHourly(store, CLUSTER, run('a'), history('1', [1]));
    await storeHourly(store, CLUSTER, run('a'), history('1', [2]));
    await storeHourly(store, CLUSTER, run('b'), new Map());
    expect(valuesOf((await loadHourly(store, CLUSTER, NOW)).history)).toEqual([1]);
    expect(await store.list('v1/rollups/orders~0a1b2c3d/2026-11/', 10)).toHaveLength(1);
  });

  test('the hours of a cluster made again under its old name are not its own', async () => {
    const store: ListedStore = open();
    await storeHourly(store, { ...CLUSTER, identity: '0a1b2c3d-bbbb' }, run('a'), history('1', [1]));
    const { history: found, notices } = await loadHourly(store, CLUSTER, NOW);
    expect(found.size).toBe(0);
    expect(notices).toEqual([
      'A file of stored hours was not used: it is of another cluster. The hours were asked for again.',
    ]);
  });
});

test('lies under the cluster and the month of the run, as gzipped lines', async () => {
  const store = new ListedMemoryStore();
  await storeHourly(store, CLUSTER, run('20261103T0615Z'), history('1', [1]));
  const key = 'v1/rollups/orders~0a1b2c3d/2026-11/20261103T0615Z.ndjson.gz';
  expect(rollupKey(CLUSTER, '20261103T0615Z', NOW)).toBe(key);
  expect(store.objects.get(key)?.options).toMatchObject({ contentType: 'application/gzip' });
  expect(gunzipSync(store.objects.get(key)!.body).toString().split('\n')).toHaveLength(3);
});

test('reads this month and the one before, over the turn of a year too', async () => {
  const store = new ListedMemoryStore();
  await loadHourly(store, CLUSTER, Date.UTC(2027, 0, 1));
  expect(store.listed).toEqual(['v1/rollups/orders~0a1b2c3d/2027-01/', 'v1/rollups/orders~0a1b2c3d/2026-12/']);
  await loadHourly(store, CLUSTER, Date.UTC(2027, 2, 31, 12));
  expect(store.listed.slice(2)).toEqual(['v1/rollups/orders~0a1b2c3d/2027-03/', 'v1/rollups/orders~0a1b2c3d/2027-02/']);
});

test('of a thousand runs the newest 120 are read', async () => {
  const store = new ListedMemoryStore();
  for (let index = 0; index < 1000; index += 1) {
    const key = rollupKey(CLUSTER, `manual-${index}`, NOW);
    store.objects.set(key, { body: new Uint8Array(), options: { contentType: '' } });
    store.modified.set(key, NOW - 1000 + index);
  }
  await loadHourly(store, CLUSTER, NOW);
  expect(store.read).toHaveLength(120);
  expect(store.read).toContain(rollupKey(CLUSTER, 'manual-999', NOW));
  expect(store.read).not.toContain(rollupKey(CLUSTER, 'manual-879', NOW));
});

test('what was written before the last four weeks is not read', async () => {
  const store = new ListedMemoryStore();
  await storeHourly(store, CLUSTER, run('old'), history('1', [4]));
  store.modified.set(rollupKey(CLUSTER, 'old', NOW), NOW - 29 * 86_400_000);
  expect((await loadHourly(store, CLUSTER, NOW)).history.size).toBe(0);
  expect(store.read).toEqual([]);
});

test.each([
  ['cut off', gzipSync('x'.repeat(1000)).subarray(0, 15), 'it is damaged'],
  ['no gzip', Buffer.from('hello'), 'it is damaged'],
  ['a bomb', gzipSync(Buffer.alloc(40 * 1024 * 1024)), 'it is too large'],
  ['huge', Buffer.alloc(9 * 1024 * 1024), 'it is too large'],
  ['empty', gzipSync(''), 'it is cut off'],
  ['other lines', gzipSync('{"a":1}\n'), 'it is damaged'],
])('a file that is %s is passed over with a notice, the others are read', async (_, body, because) => {
  const store = new ListedMemoryStore();
  await storeHourly(store, CLUSTER, run('good'), history('1', [4]));
  store.objects.set(rollupKey(CLUSTER, 'bad', NOW), { body, options: { contentType: '' } });
  const loaded = await loadHourly(store, CLUSTER, NOW);
  expect(valuesOf(loaded.history)).toEqual([4]);
  expect(loaded.notices).toEqual([`A file of stored hours was not used: ${because}. The hours were asked for again.`]);
});

test('a file that is damaged in its last line gives none of its hours', async () => {
  const store = new ListedMemoryStore();
  await storeHourly(store, CLUSTER, run('good', NOW - 86_400_000), history('1', [4]));
  await storeHourly(store, CLUSTER, run('bad'), history('1', [5]));
  const bad = store.objects.get(rollupKey(CLUSTER, 'bad', NOW))!;
  const text = gunzipSync(bad.body).toString();
  store.objects.set(rollupKey(CLUSTER, 'bad', NOW), { ...bad, body: gzipSync(`${text}{}\n`) });
  const loaded = await loadHourly(store, CLUSTER, NOW);
  expect(valuesOf(loaded.history)).toEqual([4]);
  expect(loaded.notices).toHaveLength(1);
});

test('a year far from the last weeks takes no memory', async () => {
  const store = new ListedMemoryStore();
  await storeHourly(store, CLUSTER, run('a'), history('1', [4]));
  await storeHourly(store, CLUSTER, run('b'), history('1', [5], 0));
  await storeHourly(store, CLUSTER, run('c'), history('1', [6], SETTLED + 1e6 * HOUR_MS));
  const { history: found } = await loadHourly(store, CLUSTER, NOW);
  expect(valuesOf(found)).toEqual([4]);
  expect([...found.values()][0]!.hours.values).toHaveLength(28 * 24);
});

test('a store that refuses is a notice, not a failure', async () => {
  const store = new ListedMemoryStore();
  await storeHourly(store, CLUSTER, run('a'), history('1', [4]));
  const refuse = async (): Promise<never> => {
    throw Object.assign(new Error('arn:aws:iam::111122223333:role/x may not'), { name: 'AccessDenied' });
  };
  store.get = refuse;
  expect((await loadHourly(store, CLUSTER, NOW)).notices).toEqual([
    'A file of stored hours was not used: it could not be read. The hours were asked for again.',
  ]);
  store.list = refuse;
  expect(await loadHourly(store, CLUSTER, NOW)).toEqual({
    history: new Map(),
    notices: ['The stored hours could not be listed (AccessDenied): they were asked for again.'],
  });
});

test('a directory may hold anything else', async () => {
  const store = new ListedDirectoryStore(folder);
  await storeHourly(store, CLUSTER, run('a'), history('1', [4]));
  const month = join(folder, 'v1/rollups/orders~0a1b2c3d/2026-11');
  writeFileSync(join(month, 'notes.txt'), 'x');
  writeFileSync(join(month, '.a.ndjson.gz.1.partial'), 'x');
  expect(await loadHourly(store, CLUSTER, NOW)).toMatchObject({ notices: [] });
  expect(await store.list('v1/rollups/orders~0a1b2c3d/2026-11/notes.txt/', 5)).toEqual([]);
});

describe('S3, at the wire', () => {
  let front: AwsFront;
  afterEach(async () => {
    vi.unstubAllEnvs();
    await front.close();
  });

  async function listing(answer: Answer): Promise<ListedS3Store> {
    front = await startAwsFront({ s3: { ListObjectsV2: answer } });
    for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
    return new ListedS3Store(new S3Client({ region: 'us-east-1', maxAttempts: 1 }), 'reports');
  }
  const page = (contents: string, next = '') => ({
    xml: `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${contents}${next}</ListBucketResult>`,
  });
  const object = (key: string) =>
    `<Contents><Key>${key}</Key><Size>3</Size><LastModified>2026-11-03T06:15:00.000Z</LastModified></Contents>`;

  test('is listed page by page, no further than asked, and not for ever', async () => {
    const urls: URL[] = [];
    const store = await listing(({ url }) => {
      urls.push(url);
      const token = `<NextContinuationToken>t${urls.length}</NextContinuationToken><IsTruncated>true</IsTruncated>`;
      return page(object(`k${urls.length}`), token);
    });
    const modifiedMs = Date.UTC(2026, 10, 3, 6, 15);
    expect(await store.list('v1/rollups/a~b/', 3)).toEqual(
      ['k1', 'k2', 'k3'].map((key) => ({ key, sizeBytes: 3, modifiedMs })),
    );
    expect(urls.map(({ searchParams }) => searchParams.get('continuation-token'))).toEqual([null, 't1', 't2']);
    expect(urls[0]!.searchParams.get('prefix')).toBe('v1/rollups/a~b/');
    expect(await store.list('p/', 5_000)).toHaveLength(10);
  });

  test.each([
    ['no objects', '', []],
    ['an object without a key', '<Contents><Size>3</Size></Contents>', []],
    [
      'an object without size and time',
      '<Contents><Key>k</Key></Contents>',
      [{ key: 'k', sizeBytes: 0, modifiedMs: 0 }],
    ],
  ])('%s', async (_, contents, expected) => {
    expect(await (await listing(page(contents))).list('p/', 5)).toEqual(expected);
  });

  test('a refusal leaves the hours to be asked for again', async () => {
    const store = await listing(new AwsError('AccessDenied', 'x', 403));
    expect((await loadHourly(store, CLUSTER, NOW)).notices).toEqual([
      'The stored hours could not be listed (AccessDenied): they were asked for again.',
    ]);
  });
});
