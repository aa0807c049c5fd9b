import { describe, expect, test } from 'vitest';
import { runKeys } from '../../lib/publish/keys.ts';
import {
  completeRun,
  findPublished,
  keepSnapshot,
  keptSnapshot,
  publishReport,
} from '../../lib/publish/publish-report.ts';
import { MemoryStore } from './memory-store.ts';

const keys = runKeys(
  { name: 'orders', identity: 'a1b2c3d4', accountId: '111122223333', region: 'eu-west-1' },
  { id: '20261120T0615Z', dt: '2026-11-20' },
);
const latest = { text: '{"takenAtMs":100}', takenAtMs: 100 };
const publication = { keys, html: '<html>', json: '{}', latest };

function sender() {
  const sent: string[] = [];
  return { sent, send: async () => `id-${sent.push('message')}` };
}

describe('publishing', () => {
  test('commits by report.json after everything a reader may open, and marks the message last', async () => {
    const store = new MemoryStore();
    await keepSnapshot(store, keys, '{}');
    await publishReport(store, publication, sender().send);
    expect(store.writes).toEqual([keys.snapshot, keys.html, keys.json, keys.latest, keys.sent('sns')]);
  });

  test('stores what a browser and a program can open: content types and no shared caching', async () => {
    const store = new MemoryStore();
    await publishReport(store, publication, null);
    expect(store.objects.get(keys.html)?.options).toEqual({
      contentType: 'text/html; charset=utf-8',
      cacheControl: 'private, max-age=86400',
    });
    expect(store.objects.get(keys.json)?.options.contentType).toBe('application/json');
    expect(store.objects.get(keys.latest)?.options.cacheControl).toBe('private, no-store');
  });

  test('a second attempt that loses the commit sends nothing, because the winner does', async () => {
    const store = new MemoryStore();
    const { sent, send } = sender();
    expect(await publishReport(store, publication, send)).toBe(true);
    expect(await publishReport(store, { ...publication, json: '{"other":1}' }, send)).toBe(false);
    expect(sent).toHaveLength(1);
    expect(await findPublished(store, keys)).toBe('{}');
  });

  test('a retry of a committed run sends again only when the marker is absent', async () => {
    const store = new MemoryStore();
    const { sent, send } = sender();
    await publishReport(store, publication, send);
    await completeRun(store, publication, send);
    expect(sent).toHaveLength(1);
    store.objects.delete(keys.sent('sns'));
    await completeRun(store, publication, send);
    expect(sent).toHaveLength(2);
  });

  test.each([keys.html, keys.json, keys.latest, keys.sent('sns')])(
    'a crash at %s is healed by the next attempt without doubling the report',
    async (at) => {
      const store = new MemoryStore();
      const { sent, send } = sender();
      store.failOnce = at;
      await expect(publishReport(store, publication, send)).rejects.toThrow('SlowDown');
      if ((await findPublished(store, keys)) === null) await publishReport(store, publication, send);
      else await completeRun(store, publication, send);
      expect(store.text(keys.latest)).toBe(latest.text);
      expect(store.writes.filter((key) => key === keys.json)).toHaveLength(1);
      expect(sent.length).toBe(at === keys.sent('sns') ? 2 : 1);
    },
  );

  test('a manual run never becomes latest', async () => {
    const store = new MemoryStore();
    await publishReport(store, { ...publication, latest: null }, null);
    expect(store.objects.has(keys.latest)).toBe(false);
  });

  test('a late retry of yesterday does not replace the record of today', async () => {
    const store = new MemoryStore();
    await store.put(keys.latest, '{"takenAtMs":200}', { contentType: 'application/json' });
    await publishReport(store, publication, null);
    expect(store.text(keys.latest)).toBe('{"takenAtMs":200}');
  });
});

describe('the snapshot of a run', () => {
  test('is the first one stored, so that a second attempt judges the same input', async () => {
    const store = new MemoryStore();
    expect(await keepSnapshot(store, keys, '{"first":1}')).toBe('{"first":1}');
    expect(await keepSnapshot(store, keys, '{"second":1}')).toBe('{"first":1}');
    expect(await keptSnapshot(store, keys)).toBe('{"first":1}');
  });
});
