import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findingId } from '../../lib/analysis/finding-id.ts';
import { anyText } from '../builders/any-text.ts';

test('is the check and twelve hex digits, the same on every machine and in every version', () => {
  expect(findingId('consumer-stalled', 'a1b2c3d4-5', 'group', 'billing/orders')).toBe('consumer-stalled:66d99c583e29');
});

test('another check, cluster, scope or resource is another finding', () => {
  const ids = [
    findingId('consumer-stalled', 'c', 'group', 'g'),
    findingId('consumer-stopped', 'c', 'group', 'g'),
    findingId('consumer-stalled', 'd', 'group', 'g'),
    findingId('consumer-stalled', 'c', 'topic', 'g'),
    findingId('consumer-stalled', 'c', 'group', 'h'),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});

test('where one part ends and the next begins matters', () => {
  fc.assert(
    fc.property(anyText({ minLength: 1 }), anyText(), (a, b) => {
      const whole = findingId('cpu-high', a + b, 'broker', '');
      const split = findingId('cpu-high', a, 'broker', b);
      expect(split === whole).toBe(b === '');
      expect(split).toMatch(/^cpu-high:[0-9a-f]{12}$/);
    }),
  );
});

test('ten thousand similar names do not collide', () => {
  const ids = Array.from({ length: 10_000 }, (_, i) => findingId('cpu-high', 'cluster', 'partition', `topic-${i}`));
  expect(new Set(ids).size).toBe(10_000);
});
