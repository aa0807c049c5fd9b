// How much memory the finished sections with offsets hold, by letting go of them. Needs `--expose-gc`.
import type { KafkaSections } from '../../../lib/collect/kafka/collect-kafka.ts';
import { collectCore } from './collect-core.ts';

const sections: Partial<KafkaSections> = await collectCore((process.argv[2] ?? '').split(','));
const rows = rowsOf(sections);
const before = heldBytes();
letGo(sections);
const after = heldBytes();
console.log(JSON.stringify({ rows, bytesPerRow: (before - after) / rows }));

// Functions of their own: a frame that is still open holds on to what it last looked at.

function rowsOf({ kafkaOffsets }: Partial<KafkaSections>): number {
  return kafkaOffsets?.ok ? kafkaOffsets.value.committed.length : 0;
}

/** The first sample shares its strings with the offsets: what one of them alone holds cannot be told. */
function letGo(collected: Partial<KafkaSections>): void {
  delete collected.kafkaOffsets;
  delete collected.kafkaSamples;
}

function heldBytes(): number {
  // Twice: what the first pass finalises the second one frees.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
