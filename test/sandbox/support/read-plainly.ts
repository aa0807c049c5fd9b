// A cluster read and judged in this process without AWS, as `msk-checkup report --bootstrap` does.
import { judge } from '../../../lib/checkup.ts';
import { collectSnapshot } from '../../../lib/collect/collect-snapshot.ts';
import { collectKafka, type KafkaAuth, type KafkaPlan } from '../../../lib/collect/kafka/collect-kafka.ts';
import { reportPlan } from '../../../lib/collect/kafka/plan.ts';
import { parsePolicy } from '../../../lib/policy/load-policy.ts';
import { resolvePolicy } from '../../../lib/policy/resolve-policy.ts';
import type { Report } from '../../../lib/report/report.ts';
import type { SectionName, SectionValue, Snapshot } from '../../../lib/snapshot/schema.ts';

const POLICY = 'version: 1\nenvironment: production\nlag: { minSpanSec: 2 }\n';

export interface PlainRun {
  snapshot: Snapshot;
  report: Report;
}

export async function readPlainly(
  bootstrap: string,
  plan: Partial<KafkaPlan> = {},
  auth: KafkaAuth = { kind: 'none' },
): Promise<PlainRun> {
  const snapshot = await collectSnapshot(
    {
      target: { kind: 'kafka', bootstrap: bootstrap.split(',') },
      windowHours: 24,
      nowMs: Date.now(),
      deadlineMs: Date.now() + 60_000,
      toolVersion: '0.0.0-test',
      kafkaPlan: { ...reportPlan({ samples: 1, intervalSec: 1 }), ...plan },
    },
    {
      readKafka: async (request) =>
        collectKafka(
          { ...request, auth },
          { now: Date.now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
        ),
    },
  );
  return { snapshot, report: judgePlainly(snapshot) };
}

export function judgePlainly(snapshot: Snapshot): Report {
  const parsed = parsePolicy(POLICY, 'test policy');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const policy = resolvePolicy({ overrides: parsed.overrides, tags: null, clusterName: 'sandbox' });
  return judge({ snapshot, policy, previous: null, runId: 'manual-test', toolVersion: '0.0.0-test' });
}

/** The value of a section that must have been read in full. */
export function sectionOf<N extends SectionName>(snapshot: Snapshot, name: N): SectionValue<N> {
  const section = snapshot.sections[name];
  if (section?.ok !== true) throw new Error(`${name}: ${section?.detail ?? 'not requested'}`);
  if (section.partial !== undefined) throw new Error(`${name} is partial: ${section.partial}`);
  return section.value as SectionValue<N>;
}
