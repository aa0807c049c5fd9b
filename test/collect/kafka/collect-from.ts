import {
  collectKafka,
  type KafkaDeps,
  type KafkaRequest,
  type KafkaSections,
} from '../../../lib/collect/kafka/collect-kafka.ts';
import type { FakeCluster } from './fake-cluster.ts';

/** Collects from a fake cluster without authentication and without waiting between samples. */
export function collectFrom(
  cluster: FakeCluster,
  given: Partial<KafkaRequest> = {},
  deps: Partial<KafkaDeps> = {},
): Promise<KafkaSections> {
  const plan = { samples: 1, intervalSec: 1 };
  return collectKafka(
    { brokers: cluster.brokers, auth: { kind: 'none' }, plan, deadlineMs: Date.now() + 20_000, ...given },
    { now: Date.now, sleep: async () => {}, ...deps },
  );
}

/** The value of a section that must have been read. */
export function value<T>(section: { ok: true; value: T } | { ok: false; detail: string }): T {
  if (!section.ok) throw new Error(section.detail);
  return section.value;
}

/** What a section says could not be read; empty when it says nothing. */
export function partial(section: { ok: boolean; partial?: string | undefined } | { ok: false }): string {
  return 'partial' in section ? (section.partial ?? '') : '';
}
