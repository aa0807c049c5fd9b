// What a report reads beside the brokers and the metrics: prices and the bill, what lies around the cluster in its account, and what
// stands in for the brokers' own word where they cannot be reached.
import type { Sections } from '../snapshot/schema.ts';
import { type AccountSections, collectAccount, isWhole, stillFresh, WEEKLY } from './account/collect-account.ts';
import type { Job } from './collect-job.ts';
import type { KafkaSections } from './kafka/plan.ts';
import type { ClusterArn } from './msk/cluster-arn.ts';
import type { ControlPlane } from './msk/control-plane.ts';
import { setZones } from './msk/read-nodes.ts';
import { collectPrices } from './prices/collect-prices.ts';

/** Always there: a price list that cannot be read leaves the dated one. */
export async function readPrices({ options, sources, run }: Job, { region }: ClusterArn): Promise<Sections['prices']> {
  run.announce('prices');
  const request = { region, nowMs: options.nowMs, signal: run.signal };
  return run.settle('prices', await collectPrices(request, sources.prices ?? {}));
}

/** Undefined when nobody asked for it. */
export async function readBill({ options, sources, run }: Job, { region }: ClusterArn): Promise<Sections['bill']> {
  if (sources.openBill === undefined) return undefined;
  const { collectBill } = await import('./prices/collect-bill.ts');
  return await collectBill(run, { region, nowMs: options.nowMs }, sources.openBill);
}

export async function readAccount(
  { options, sources, run, shelf }: Job,
  arn: ClusterArn,
  control: ControlPlane | null,
): Promise<Partial<AccountSections>> {
  if (sources.account === undefined || control === null) return {};
  const { cluster, bootstrap } = control;
  const kept = await shelf.kept;
  const fresh = stillFresh(kept, options.nowMs);
  const account = await collectAccount(sources.account, cluster, bootstrap, arn, run, fresh);
  const anew = WEEKLY.filter((name) => account[name] !== fresh[name] && isWhole<unknown>(account[name]));
  if (anew.length > 0) shelf.put(Object.fromEntries(anew.map((name) => [name, account[name]])));
  if (WEEKLY.every((name) => account[name].ok || kept[name] === undefined)) return account;
  const { standIns } = await import('./account/stand-ins.ts');
  const earlier = standIns(account, kept, options.nowMs);
  for (const name of WEEKLY) if (earlier[name] !== undefined) run.settle<unknown>(name, earlier[name]);
  return { ...account, ...earlier };
}

/** MSK's own topic API, only where Kafka's topology is missing: it is older, and costs a call or more a topic. */
export async function readTopicsInstead(
  { options, sources, run, now }: Job,
  arn: ClusterArn,
  control: ControlPlane | null,
  { kafkaTopics }: Partial<KafkaSections>,
): Promise<Sections['mskTopics']> {
  if (sources.msk === undefined || control === null || kafkaTopics === undefined || kafkaTopics.ok) return undefined;
  // The list of topics must not be lost because describing them takes what is left of the run.
  const describeWithinMs = Math.min(30_000, (options.deadlineMs - now()) / 2);
  const { collectMskTopics } = await import('./msk/collect-topics.ts');
  return await collectMskTopics(sources.msk, arn, run, { cluster: control.cluster, describeWithinMs });
}

/** The id of an availability zone as AWS writes it; elsewhere a rack may be any word. */
const ZONE_ID = /^[a-z]{2,6}\d{1,2}-az\d{1,2}$/;

/** The brokers with their zones: on MSK a broker's rack is its zone's id; EC2 is asked only for what Kafka does not tell. */
export async function nodesWithZones(
  { sources, run }: Pick<Job, 'sources' | 'run'>,
  arn: ClusterArn,
  listed: ControlPlane['nodes'],
  { kafkaBrokers }: Partial<KafkaSections>,
): Promise<ControlPlane['nodes']> {
  if (!listed.ok) return listed;
  const brokers = kafkaBrokers?.ok ? kafkaBrokers.value.brokers : [];
  const zones = new Map(brokers.flatMap(({ id, rack }) => (ZONE_ID.test(rack ?? '') ? [[id, rack] as const] : [])));
  const nodes = listed.value.map((node) => ({ ...node, azId: zones.get(node.brokerId) ?? null }));
  if (sources.subnetZones === undefined || nodes.every(({ azId }) => azId !== null)) {
    return { ...listed, value: nodes };
  }
  const gap = await setZones({ run, arn }, nodes, sources.subnetZones);
  const partial = [listed.partial, gap].filter((each) => typeof each === 'string').join('; ');
  return { ...listed, value: nodes, ...(partial === '' ? {} : { partial }) };
}
