// The brokers' own word: where they are, what they are asked, and what it means when they cannot be.
import { type Collected, type Missing, missing } from '../snapshot/collected.ts';
import { quoteArg } from '../text/command.ts';
import { BROKERS_GROUP } from './brokers-group.ts';
import { classifyAwsError } from './classify-aws-error.ts';
import type { Job } from './collect-job.ts';
import { type KafkaPlan, type KafkaSections, plannedSections } from './kafka/plan.ts';
import { kafkaMissing, type ReadKafka } from './kafka-stage.ts';
import { chooseBootstrap, type MskAuth, offeredAuths } from './msk/bootstrap.ts';
import type { ControlPlane } from './msk/control-plane.ts';
import { exportersOn, switchedOff, withFix } from './open-monitoring/explain.ts';

/** Of the time that is left: kept for CloudWatch, which is still asked when brokers do not answer, as far as it can need it. */
const KEPT_SHARE = 0.3;
const KEPT_AT_MOST_MS = 30_000;
/** In a long run: a collector's reply may take a tenth more than Kafka's time. */
const KAFKA_AT_MOST = 0.88;

export interface Addresses {
  brokers: readonly string[];
  auth: MskAuth | null;
}

/** Addresses that fit the way of authentication, or why there are none. */
export function addressesOf(
  { bootstrap, security }: ControlPlane,
  { auth, isPublic = false }: { auth?: MskAuth | undefined; isPublic?: boolean | undefined },
): Addresses | Missing {
  if (!bootstrap.ok) return missing(bootstrap.reason, `no broker addresses: ${bootstrap.detail}`, bootstrap.fix);
  const offered = offeredAuths(bootstrap.value, security.ok ? security.value.authentication : null, isPublic);
  const wanted = auth ?? offered[0];
  const brokers = wanted === undefined ? null : chooseBootstrap(bootstrap.value, wanted, isPublic);
  if (wanted !== undefined && brokers !== null) return { brokers, auth: wanted };
  const fix = offered.length === 0 ? undefined : `Use ${offered.map((each) => `--auth ${each}`).join(' or ')}`;
  return missing(
    'not-enabled',
    `the cluster has no ${isPublic ? 'public ' : ''}listener for authentication ${wanted ?? 'of any kind'}`,
    fix,
  );
}

/** All planned sections, read or missing; none at all when Kafka is not to be read. */
export async function readKafkaSections(
  job: Job,
  addresses: Addresses | Missing,
  control: ControlPlane | null = null,
): Promise<Partial<KafkaSections>> {
  const { readKafka } = job.sources;
  if (readKafka === undefined) return {};
  const { kafkaPlan } = job.options;
  const names = plannedSections(kafkaPlan);
  for (const name of names) job.run.announce(name);
  const asked = await askAbout(job, readKafka, addresses, planFor(kafkaPlan, control));
  const sections = withGroup(withOpenMonitoring(asked, kafkaPlan, control), job, control);
  for (const name of names) {
    const section: Collected<unknown> | undefined = sections[name];
    if (section !== undefined) job.run.settle(name, section);
  }
  return sections;
}

/** Exporters that MSK says are off are not knocked at. */
function planFor({ openMonitoring, ...plan }: KafkaPlan, control: ControlPlane | null): KafkaPlan {
  if (openMonitoring === undefined) return plan;
  const security = control?.security;
  const exporters = security?.ok ? exportersOn(security.value.openMonitoring) : openMonitoring.exporters;
  return exporters.length === 0 ? plan : { ...plan, openMonitoring: { ...openMonitoring, exporters } };
}

/** The section that was wanted, with the line that would give it where it is not there. */
function withOpenMonitoring(
  sections: KafkaSections,
  { openMonitoring }: KafkaPlan,
  control: ControlPlane | null,
): KafkaSections {
  if (openMonitoring === undefined) return sections;
  const cluster = control?.cluster.ok ? control.cluster.value : null;
  const read = sections.openMonitoring;
  if (read !== undefined) return { ...sections, openMonitoring: withFix(read, cluster) };
  return cluster === null ? sections : { ...sections, openMonitoring: switchedOff(cluster) };
}

/** Puts into the command that lets us in how to find the security group: the collector inside the VPC knows no ARN. */
function withGroup(sections: KafkaSections, { options }: Job, control: ControlPlane | null): KafkaSections {
  const { target } = options;
  const arn = target.kind === 'msk' ? quoteArg(target.clusterArn.trim()) : null;
  if (arn === null) return sections;
  const isServerless = control?.cluster.ok === true && control.cluster.value.kind === 'serverless';
  const list = isServerless
    ? 'Serverless.VpcConfigs[0].SecurityGroupIds'
    : 'Provisioned.BrokerNodeGroupInfo.SecurityGroups';
  const group = `"$(aws kafka describe-cluster-v2 --cluster-arn ${arn} --query 'ClusterInfo.${list}[0]' --output text)"`;
  const filled = Object.entries(sections).map(([name, section]: [string, Collected<unknown>]) => {
    const fix = section.ok ? undefined : section.fix?.replace(BROKERS_GROUP, () => group);
    return [name, fix === undefined ? section : { ...section, fix }];
  });
  return Object.fromEntries(filled) as KafkaSections;
}

async function askAbout(
  job: Job,
  readKafka: ReadKafka,
  addresses: Addresses | Missing,
  plan: KafkaPlan,
): Promise<KafkaSections> {
  if ('ok' in addresses) return kafkaMissing(plan, addresses);
  const { options, run, now, sources } = job;
  const leftMs = options.deadlineMs - now();
  const deadlineMs = Math.floor(now() + (sources.cloudwatch === undefined ? leftMs : kafkaTimeMs(leftMs)));
  try {
    return await run.untilDeadline(readKafka({ ...addresses, plan, deadlineMs }));
  } catch (error) {
    const { kind, name } = classifyAwsError(error);
    const reason = kind === 'timed-out' ? 'timed-out' : 'failed';
    return kafkaMissing(plan, missing(reason, `Kafka could not be read (${name})`));
  }
}

function kafkaTimeMs(leftMs: number): number {
  return Math.min(leftMs * KAFKA_AT_MOST, leftMs - Math.min(leftMs * KEPT_SHARE, KEPT_AT_MOST_MS));
}
