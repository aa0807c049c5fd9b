// The sections of what lies around a cluster in its account. They depend on the control plane alone, and not on each other.
import type { Cluster } from '../../snapshot/aws-sections.ts';
import { type Collected, missing, type Present } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { AwsAccess } from '../aws-clients.ts';
import type { AwsCall } from '../aws-errors.ts';
import type { ClusterArn } from '../msk/cluster-arn.ts';
import type { SectionRun } from '../section-run.ts';
import { type AlarmReader, createAlarmReader, readAlarms } from './alarms.ts';
import type { ConnectorReader } from './connectors.ts';
import type { QuotaReader } from './quotas.ts';
import type { ScalingReader } from './storage-scaling.ts';

/** One reader a service, made when its section is read: a cluster that has no such thing never loads the client. */
export interface AccountReaders {
  storageScaling: () => Promise<ScalingReader>;
  alarms: () => Promise<AlarmReader>;
  quotas: () => Promise<QuotaReader>;
  connectors: () => Promise<ConnectorReader>;
}

export function createAccountReaders(access: AwsAccess): AccountReaders {
  return {
    storageScaling: async () => (await import('./storage-scaling.ts')).createScalingReader(access),
    alarms: () => createAlarmReader(access),
    quotas: async () => (await import('./quotas.ts')).createQuotaReader(access),
    connectors: async () => (await import('./connectors.ts')).createConnectorReader(access),
  };
}

export interface AccountSections {
  storageScaling: Collected<SectionValue<'storageScaling'>>;
  alarms: Collected<SectionValue<'alarms'>>;
  quotas: Collected<SectionValue<'quotas'>>;
  connectors: Collected<SectionValue<'connectors'>>;
}

/** Read once a week: they change seldom, and each needs a client of its own. Scaling also when the alarms contradict what was read. */
export type WeeklySections = Partial<Pick<AccountSections, 'storageScaling' | 'quotas' | 'connectors'>>;
export const WEEKLY = ['storageScaling', 'quotas', 'connectors'] as const satisfies (keyof WeeklySections)[];
export const WEEK_MS = 7 * 24 * 3_600_000;

/** Of sections that were read earlier those that may stand for today's: complete and less than a week old. They keep their time. */
export function stillFresh(earlier: WeeklySections, nowMs: number): WeeklySections {
  return youngerThan(WEEK_MS, earlier, nowMs);
}

export function youngerThan(ageMs: number, earlier: WeeklySections, nowMs: number): WeeklySections {
  const mayStand = (section: Collected<unknown> | undefined) =>
    isWhole(section) && Math.abs(nowMs - section.asOfMs) < ageMs;
  return Object.fromEntries(WEEKLY.flatMap((name) => (mayStand(earlier[name]) ? [[name, earlier[name]]] : [])));
}

/** Read without a gap: only such a section is kept for later runs. */
export function isWhole<T>(section: Collected<T> | undefined): section is Present<T> {
  return section?.ok === true && section.partial === undefined;
}

/** All four at once. Never rejects; a call that is refused is a missing section with the action to allow. `fresh` sections are taken as they are. */
export async function collectAccount(
  readers: AccountReaders,
  cluster: Collected<Cluster>,
  bootstrap: Collected<Record<string, string>>,
  arn: ClusterArn,
  run: SectionRun,
  fresh: WeeklySections = {},
): Promise<AccountSections> {
  const alarmsRead = run.read('alarms', call('cloudwatch:DescribeAlarms', arn), async (signal) =>
    readAlarms(await readers.alarms(), arn, signal),
  );
  const [alarms, storageScaling, quotas, connectors] = await Promise.all([
    alarmsRead,
    alarmsRead.then(async (read) =>
      fresh.storageScaling !== undefined && agree(fresh.storageScaling, read)
        ? run.settle('storageScaling', fresh.storageScaling)
        : await collectStorageScaling(readers, cluster, arn, run),
    ),
    fresh.quotas === undefined ? collectQuotas(readers, cluster, arn, run) : run.settle('quotas', fresh.quotas),
    fresh.connectors === undefined
      ? collectConnectors(readers, bootstrap, arn, run)
      : run.settle('connectors', fresh.connectors),
  ]);
  return { storageScaling, alarms, quotas, connectors };
}

function call(action: string, { region }: ClusterArn): AwsCall {
  return { action, resource: '*', region };
}

/** Scaling by a target keeps alarms of its own: they come with the target and go with it. */
export function agree(scaling: AccountSections['storageScaling'], alarms: AccountSections['alarms']): boolean {
  if (!scaling.ok || !alarms.ok || alarms.partial !== undefined) return false;
  return scaling.value.targets.length > 0 === alarms.value.some(({ isForAutoScaling }) => isForAutoScaling);
}

async function collectStorageScaling(
  readers: AccountReaders,
  cluster: Collected<Cluster>,
  arn: ClusterArn,
  run: SectionRun,
): Promise<AccountSections['storageScaling']> {
  const section = 'storageScaling';
  if (!cluster.ok) return run.settle(section, missing(cluster.reason, unknownKind(cluster.detail), cluster.fix));
  if (cluster.value.kind !== 'provisioned-standard') {
    return run.settle(
      section,
      missing('not-supported', 'only brokers of type Standard have volumes that can be scaled'),
    );
  }
  const { readStorageScaling, scalingCall } = await import('./storage-scaling.ts');
  return run.read(section, scalingCall('DescribeScalableTargets', arn.region), async () =>
    readStorageScaling(await readers.storageScaling(), arn, run),
  );
}

async function collectQuotas(
  readers: AccountReaders,
  cluster: Collected<Cluster>,
  arn: ClusterArn,
  run: SectionRun,
): Promise<AccountSections['quotas']> {
  if (cluster.ok && cluster.value.kind === 'serverless') {
    const why = 'Service Quotas knows quotas of brokers only; those of serverless clusters are published, not set';
    return run.settle('quotas', missing('not-supported', why));
  }
  const { quotaCall, readQuotas } = await import('./quotas.ts');
  return run.read('quotas', quotaCall('ListServiceQuotas', arn.region), async () =>
    readQuotas(await readers.quotas(), arn.region, run),
  );
}

async function collectConnectors(
  readers: AccountReaders,
  bootstrap: Collected<Record<string, string>>,
  arn: ClusterArn,
  run: SectionRun,
): Promise<AccountSections['connectors']> {
  if (!bootstrap.ok) {
    const why = `which connectors are on this cluster shows by its addresses alone: ${bootstrap.detail}`;
    return run.settle('connectors', missing(bootstrap.reason, why, bootstrap.fix));
  }
  if (Object.keys(bootstrap.value).length === 0) {
    return run.settle(
      'connectors',
      missing('not-enabled', 'the cluster has no address yet that a connector could name'),
    );
  }
  const { readConnectors } = await import('./connectors.ts');
  return run.read('connectors', call('kafkaconnect:ListConnectors', arn), async (signal) =>
    readConnectors(await readers.connectors(), bootstrap.value, signal),
  );
}

function unknownKind(because: string): string {
  return `whether the cluster has volumes is not known: ${because}`;
}
