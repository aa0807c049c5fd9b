import type { TopicShape } from './shapes.ts';

/** mulberry32: the same seed gives the same keys and values in every run. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A seed of its own for each topic, so that adding one does not change the records of the others. */
export function seedFor(seed: number, name: string): number {
  let hash = seed | 0;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

export interface WorkloadRecord {
  key: string;
  value: string;
  partition: number;
  timestamp?: string;
}

const WORDS = [
  'accepted',
  'Berlin',
  'card',
  'delivered',
  'express',
  'fragile',
  'gift',
  'invoice',
  'Lisbon',
  'pending',
  'Riga',
];
const KEYS = 5_000;

/** Text that compresses about as JSON events do. Partitions go round, so that each of them moves at the same rate. */
export function recordMaker(shape: TopicShape, seed: number): () => WorkloadRecord {
  const random = randomFrom(seedFor(seed, shape.name));
  let sequence = 0;
  return () => {
    const partition = sequence % shape.partitions;
    const fields = [`{"id":${sequence},"topic":"${shape.name}","text":"`];
    let length = fields[0]!.length + 2;
    while (length < shape.recordBytes) {
      const word = `${WORDS[Math.floor(random() * WORDS.length)]} ${Math.floor(random() * 1e6).toString(36)} `;
      fields.push(word);
      length += word.length;
    }
    sequence += 1;
    const key = `${shape.name}-${Math.floor(random() * KEYS)}`;
    return { key, value: `${fields.join('').slice(0, shape.recordBytes - 2)}"}`, partition };
  };
}
