// Who the report is about: from the control plane where it answered, else from the ARN and Kafka's own metadata.
import type { RunContext } from '../../checks/check.ts';
import type { SectionName, SectionValue, Snapshot } from '../../snapshot/schema.ts';
import type { Report } from '../report.ts';

/** Tags that name who answers for the cluster, in order of preference. */
const OWNER_TAGS = ['Owner', 'owner', 'Team', 'team'] as const;

export function sectionValue<N extends SectionName>(snapshot: Snapshot, name: N): SectionValue<N> | null {
  const section = snapshot.sections[name];
  return section?.ok === true ? (section.value as SectionValue<N>) : null;
}

/** `arn:aws:kafka:<region>:<account>:cluster/<name>/<uuid>` */
function fromArn(arn: string | null): { region: string | null; accountId: string | null } {
  const [, , , region, accountId] = arn?.split(':') ?? [];
  return { region: region ?? null, accountId: accountId ?? null };
}

/** Null where the topic API did not tell the count of every topic. */
function partitionCountOf(topics: SectionValue<'kafkaTopics'> | SectionValue<'mskTopics'>): number | null {
  let total = 0;
  for (const topic of topics) {
    const count = topic.partitions?.length ?? ('partitionCount' in topic ? topic.partitionCount : null);
    if (count === null) return null;
    total += count;
  }
  return total;
}

export function clusterOf(snapshot: Snapshot, run: RunContext, identity: string): Report['cluster'] {
  const described = sectionValue(snapshot, 'cluster');
  const metadata = sectionValue(snapshot, 'kafkaBrokers');
  const topics = sectionValue(snapshot, 'kafkaTopics') ?? sectionValue(snapshot, 'mskTopics');
  const tags = sectionValue(snapshot, 'tags') ?? {};
  const provisioned = described === null || described.kind === 'serverless' ? null : described;
  const ownerTag = OWNER_TAGS.find((key) => Object.hasOwn(tags, key));
  return {
    name: described?.name ?? run.clusterName,
    arn: described?.arn ?? run.clusterArn,
    identity,
    region: described?.region ?? fromArn(run.clusterArn).region,
    accountId: described?.accountId ?? fromArn(run.clusterArn).accountId,
    kind: run.clusterKind,
    state: described?.state ?? null,
    kafkaVersion: provisioned?.kafkaVersion ?? null,
    instanceType: provisioned?.instanceType ?? null,
    brokerCount: provisioned?.brokerCount ?? metadata?.brokers.length ?? null,
    topics: topics?.length ?? null,
    partitions: topics === null ? null : partitionCountOf(topics),
    groups: sectionValue(snapshot, 'kafkaGroups')?.length ?? null,
    owner: ownerTag === undefined ? null : (tags[ownerTag] ?? null),
  };
}
