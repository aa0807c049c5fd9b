import { describe, expect, test } from 'vitest';
import { loadSnapshot } from '../../lib/snapshot/load.ts';
import { redactSnapshot } from '../../lib/snapshot/redact.ts';
import { saveSnapshot } from '../../lib/snapshot/save.ts';
import type { Snapshot } from '../../lib/snapshot/schema.ts';
import { aSnapshot, CLUSTER_ARN } from '../builders/a-snapshot.ts';

function full(): Snapshot {
  return aSnapshot()
    .withSection('bootstrap', { saslIam: 'b-1.orders.example.test:9098' })
    .withSection('tags', { Environment: 'staging', CostCenter: 'cc-4711' })
    .withTopic('orders', { partitions: 2 })
    .withGroup('billing', { commits: { orders: [10, 20] }, members: 2 })
    .withSection('kafkaQuotas', [
      { entity: [{ type: 'user', name: 'CN=alice' }], quotas: { producer_byte_rate: 1024 } },
      { entity: [{ type: 'ip', name: '10.9.8.7' }], quotas: { connection_creation_rate: 5 } },
      { entity: [{ type: 'client-id', name: null }], quotas: { request_percentage: 50 } },
    ])
    .build();
}

function refusal(change: (snapshot: Record<string, never>) => void): string {
  const data = JSON.parse(saveSnapshot(full()));
  change(data);
  const loaded = loadSnapshot(JSON.stringify(data));
  return loaded.ok ? 'accepted' : loaded.message;
}

describe('save and load', () => {
  test('a saved snapshot loads to an equal one, and saves to the same bytes', () => {
    const text = saveSnapshot(full());
    const loaded = loadSnapshot(text);
    expect(loaded).toEqual({ ok: true, snapshot: full() });
    expect(loaded.ok && saveSnapshot(loaded.snapshot)).toBe(text);
  });

  test('topics named as JavaScript’s own are kept by loading and by redaction', () => {
    const names = ['__proto__', 'constructor', 'prototype', 'toString', 'x'.repeat(249)].sort();
    const builder = aSnapshot();
    for (const index of names.keys()) builder.withTopic(`topic ${index}`, { configs: { 'retention.ms': '7' } });
    const text = saveSnapshot(builder.build()).replace(/topic (\d)/g, (_, index) => names[Number(index)]!);
    const first = loadSnapshot(text);
    if (!first.ok) throw new Error(first.message);
    expect(saveSnapshot(first.snapshot)).toBe(text);
    const loaded = loadSnapshot(saveSnapshot(redactSnapshot(first.snapshot)));
    const { kafkaOffsets, kafkaTopicConfigs, kafkaSamples } = (loaded as { snapshot: Snapshot }).snapshot.sections;
    if (!kafkaOffsets?.ok || !kafkaTopicConfigs?.ok || !kafkaSamples?.ok) throw new Error('a section is missing');
    expect(Object.keys(kafkaOffsets.value.topics).sort()).toEqual(names);
    expect(Object.keys(kafkaTopicConfigs.value).sort()).toEqual(names);
    expect(Object.keys(kafkaSamples.value[0]!.end).sort()).toEqual(names);
    expect(Object.getPrototypeOf(kafkaOffsets.value.topics)).toBe(Object.prototype);
  });

  test('what is wrong below such a name is refused with its path', () => {
    const data = JSON.parse(saveSnapshot(aSnapshot().withTopic('constructor').build()));
    data.sections.kafkaTopicConfigs.value.constructor['min.insync.replicas'].source = 'moon';
    const loaded = loadSnapshot(JSON.stringify(data));
    expect(loaded).toMatchObject({
      ok: false,
      message: expect.stringMatching(/constructor.min.insync.replicas.source/),
    });
    expect(refusal((d: any) => (d.sections.kafkaTopicConfigs.value = []))).toMatch(/kafkaTopicConfigs/);
  });

  test('any truncation is refused in one line', () => {
    const text = saveSnapshot(full());
    for (let length = 0; length < text.length - 2; length += 97) {
      const loaded = loadSnapshot(text.slice(0, length));
      expect(loaded.ok).toBe(false);
      expect(!loaded.ok && loaded.message).not.toMatch(/\n/);
    }
  });

  test.each<[string, (data: any) => void, RegExp]>([
    ['a newer schema', (d) => (d.schemaVersion = 2), /schema version 2.*newer msk-checkup/],
    ['an older schema that never existed', (d) => (d.schemaVersion = 0), /never published/],
    ['no schema version', (d) => delete d.schemaVersion, /no schemaVersion/],
    ['an unknown key', (d) => (d.extra = 1), /extra/],
    ['an unknown section', (d) => (d.sections.gossip = { ok: true }), /sections.gossip/],
    ['an unknown reason', (d) => (d.sections.tags = { ok: false, reason: 'moon', detail: '' }), /sections.tags.reason/],
    ['an offset as a number', (d) => (d.sections.kafkaOffsets.value.committed[0].offset = 3), /committed.0.offset/],
    ['offsets of an unknown topic', (d) => (d.sections.kafkaOffsets.value.topics.ghost = []), /unknown topic "ghost"/],
    ['configs of an unknown topic', (d) => (d.sections.kafkaTopicConfigs.value.ghost = {}), /unknown topic "ghost"/],
    ['an unknown partition', (d) => (d.sections.kafkaOffsets.value.topics.orders[0].partition = 9), /partition 9/],
    ['samples of another length', (d) => d.sections.kafkaSamples.value[1].committed.pop(), /kafkaSamples\[1\]/],
    ['a topic twice', (d) => d.sections.kafkaTopics.value.push(d.sections.kafkaTopics.value[0]), /twice/],
  ])('refused: %s', (_name, change, message) => {
    expect(refusal(change)).toMatch(message);
  });

  test('a commit for a deleted topic is no contradiction', () => {
    const data = JSON.parse(saveSnapshot(full()));
    data.sections.kafkaOffsets.value.committed[0].topic = 'deleted-last-week';
    expect(loadSnapshot(JSON.stringify(data)).ok).toBe(true);
  });
});

describe('redaction', () => {
  test('no address, account or unused tag is left, and hosts stay distinguishable', () => {
    const text = saveSnapshot(redactSnapshot(full()));
    for (const secret of ['example.test', '111122223333', 'cc-4711', '10.0.0.1', 'CostCenter', 'alice', '10.9.8.7']) {
      expect(text).not.toContain(secret);
    }
    expect(text).toContain('host-2');
    expect(text).toContain('user-1');
    expect(text).toContain(CLUSTER_ARN.replace('111122223333', '000000000000'));
    expect(loadSnapshot(text).ok).toBe(true);
  });

  test('redacting twice changes nothing, and the original is left alone', () => {
    const original = full();
    const once = redactSnapshot(original);
    expect(redactSnapshot(once)).toEqual(once);
    expect(original).toEqual(full());
  });
});
