import { collectKafka, type KafkaPlan, type KafkaSections } from '../../../lib/collect/kafka/collect-kafka.ts';
import type { KafkaAuth } from '../../../lib/collect/kafka/kafka-auth.ts';

/** 2 + (4 + S)·N requests and no more. */
const CORE: KafkaPlan = { samples: 1, intervalSec: 1, sections: [], timestamps: 'none' };

const DEADLINE_MS = 60_000;

/** @throws when a section is missing or partial: figures of half a cluster are no figures */
export async function collectCore(
  brokers: readonly string[],
  plan: Partial<KafkaPlan> = {},
  auth: KafkaAuth = { kind: 'none' },
): Promise<KafkaSections> {
  const sections = await collectKafka(
    { brokers, auth, plan: { ...CORE, ...plan }, deadlineMs: Date.now() + DEADLINE_MS },
    { now: Date.now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
  );
  for (const [name, section] of Object.entries(sections)) {
    if (!section.ok) throw new Error(`${name}: ${section.reason}, ${section.detail}`);
    if (section.partial !== undefined) throw new Error(`${name} is partial: ${section.partial}`);
  }
  return sections;
}
