import {
  collectKafka,
  type KafkaDeps,
  type KafkaPlan,
  type KafkaRequest,
  type KafkaSections,
} from '../../../lib/collect/kafka/collect-kafka.ts';
import type { FakeCluster } from './fake-cluster.ts';

/** The core of a collection and nothing else, with one look at the offsets. */
export const CORE: KafkaPlan = { samples: 1, intervalSec: 1, sections: [], timestamps: 'none' };

/** Collects from a fake cluster without authentication and without waiting between samples; the core, unless the plan says more. */
export function collectFrom(
  cluster: FakeCluster,
  { plan, ...given }: Partial<Omit<KafkaRequest, 'plan'>> & { plan?: Partial<KafkaPlan> } = {},
  deps: Partial<KafkaDeps> = {},
): Promise<KafkaSections> {
  const request = { brokers: cluster.brokers, auth: { kind: 'none' as const }, deadlineMs: Date.now() + 20_000 };
  return collectKafka(
    { ...request, ...given, plan: { ...CORE, ...plan } },
    { now: Date.now, sleep: async () => {}, ...deps },
  );
}

/** Waits, by whatever clock the test runs on. */
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The value of a section that must have been read. */
export function value<T>(section: { ok: true; value: T } | { ok: false; detail: string }): T {
  if (!section.ok) throw new Error(section.detail);
  return section.value;
}

/** What a section says could not be read; empty when it says nothing. */
export function partial(section: { ok: boolean; partial?: string | undefined } | { ok: false }): string {
  return 'partial' in section ? (section.partial ?? '') : '';
}
