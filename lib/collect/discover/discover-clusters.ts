// All MSK clusters of the given accounts and regions. An account or a region that cannot be read is named with the one thing that would
// make it readable; the others go on.
import pMap from 'p-map';
import { missing } from '../../snapshot/collected.ts';
import { type AwsAccess, awsCredentials } from '../aws-clients.ts';
import { type AwsCall, type CallerContext, calledBy, collectErrorOf, missingFrom } from '../aws-errors.ts';
import { type AwsFailure, type AwsFailureKind, classifyAwsError } from '../classify-aws-error.ts';
import { Deadline } from '../deadline.ts';
import { IncompleteAnswerError } from '../msk/normalise-cluster.ts';
import type { DiscoveredCluster, Discovery, DiscoveryProblem, DiscoveryRequest } from './discovery.ts';
import { createDiscoveryReader } from './discovery-reader.ts';
import { LIST_CALL, type ListedClusters, listClusters, TAGS_ACTION } from './list-clusters.ts';
import { readOwnAccount } from './own-account.ts';
import { assertOnePartition, type Scope, scopesOf } from './scopes.ts';

/** MSK publishes no rate limits; these are the lists under way at once over all accounts and regions. */
const CONCURRENT_LISTS = 8;

/** What came of one account in one region. */
interface Outcome {
  scope: Scope;
  /** Null when nothing of the list could be read. */
  listed: ListedClusters | null;
  failure: AwsFailure | null;
  /** Why the list is missing, where it is no failure of AWS. */
  note: string | null;
}

/**
 * Finds the clusters. Each account and region that could not be read is among `problems`, with the missing permission where that is the
 * cure. Throws CollectError when there are no credentials, when the caller's own account must be known and is not to be had, or when
 * the regions are of several partitions; the signal's reason when interrupted.
 */
export async function discoverClusters(
  request: DiscoveryRequest,
  deps: { now?: (() => number) | undefined; signal?: AbortSignal | undefined } = {},
): Promise<Discovery> {
  assertOnePartition(request.regions);
  const now = deps.now ?? (() => Date.now());
  const deadline = new Deadline(request.deadlineMs - now(), deps.signal);
  try {
    const ownAccount = await knowCaller(request, deadline);
    const outcomes = await pMap(scopesOf(request, ownAccount), (scope) => readScope(scope, request, deadline), {
      concurrency: CONCURRENT_LISTS,
    });
    deps.signal?.throwIfAborted();
    return discoveryOf(outcomes, ownAccount !== null);
  } finally {
    deadline.release();
  }
}

/** The caller's account where accounts are named: its own needs no role. Without credentials every region would complain alike. */
async function knowCaller(request: DiscoveryRequest, deadline: Deadline): Promise<string | null> {
  const accesses = request.regions.map((region): AwsAccess => ({ region, profile: request.profile }));
  try {
    await deadline.until(awsCredentials(accesses[0]!));
  } catch (error) {
    throw callerError(classifyAwsError(error), accesses[0]!);
  }
  if ((request.accounts ?? []).length === 0) return null;
  let first: AwsFailure | undefined;
  for (const access of accesses) {
    try {
      return await deadline.until(readOwnAccount(access, deadline.signal));
    } catch (error) {
      const failure = classifyAwsError(error);
      first ??= failure;
      if (!REGIONAL.includes(failure.kind)) break;
    }
  }
  throw callerError(first!, accesses[0]!);
}

/** What one region may answer though the credentials are right: STS of another region is asked next. */
const REGIONAL: readonly AwsFailureKind[] = ['refused-credentials', 'region-not-enabled', 'unreachable', 'failed'];

function callerError(failure: AwsFailure, { region, profile }: AwsAccess): Error {
  const context: CallerContext = { region, profile, accountId: '', clusterArn: `the clusters of ${region}` };
  return collectErrorOf(failure, context);
}

async function readScope(scope: Scope, request: DiscoveryRequest, deadline: Deadline): Promise<Outcome> {
  if (scope.access === null) return { scope, listed: null, failure: null, note: null };
  try {
    const reader = await createDiscoveryReader(scope.access);
    try {
      const listed = await deadline.until(listClusters(reader, request.tags ?? [], deadline.signal));
      return { scope, listed, failure: null, note: null };
    } finally {
      reader.close();
    }
  } catch (error) {
    const note = error instanceof IncompleteAnswerError ? error.message : null;
    return { scope, listed: null, failure: classifyAwsError(error), note };
  }
}

function discoveryOf(outcomes: readonly Outcome[], isCallerKnown: boolean): Discovery {
  // In a region that is not enabled AWS says no more than that it does not know the credentials. Those that it knows elsewhere are right.
  const isRight =
    isCallerKnown || outcomes.some(({ listed, failure }) => listed !== null || failure?.kind === 'not-permitted');
  const clusters = outcomes.flatMap(({ listed }) => listed?.clusters ?? []);
  return {
    clusters: clusters.sort(byPlace),
    problems: outcomes.flatMap((outcome) => problemsOf(outcome, isRight)),
    lists: { asked: outcomes.length, read: outcomes.filter(({ listed }) => listed !== null).length },
  };
}

function byPlace(a: DiscoveredCluster, b: DiscoveredCluster): number {
  const keys = (cluster: DiscoveredCluster) => [cluster.accountId, cluster.region, cluster.name, cluster.arn];
  const [left, right] = [keys(a), keys(b)];
  const index = left.findIndex((key, position) => key !== right[position]);
  return index === -1 ? 0 : left[index]! < right[index]! ? -1 : 1;
}

function problemsOf({ scope, listed, failure, note }: Outcome, isRight: boolean): DiscoveryProblem[] {
  const place = { accountId: scope.accountId, region: scope.region, clusterArn: null };
  const call = { ...LIST_CALL, region: scope.region };
  if (scope.access === null) return [{ ...place, ...noRole(scope) }];
  const incomplete = (detail: string): DiscoveryProblem => {
    const { reason, detail: line } = missing('failed', `${call.action} in ${scope.region}: ${detail}`);
    return { ...place, kind: 'incomplete', reason, detail: line, fix: null, permission: null };
  };
  if (note !== null) return [incomplete(note)];
  if (failure !== null) {
    // Credentials that STS has just given for the role are right too.
    const isAccepted = isRight || (scope.access.roleArn !== undefined && failure.roleArn === null);
    return [{ ...place, ...failed(isAccepted ? inRegion(failure) : failure, call) }];
  }
  const undecided = (listed?.undecided ?? []).map(({ clusterArn, error }) => {
    const tagCall = { action: TAGS_ACTION, resource: clusterArn, region: scope.region };
    return { ...place, clusterArn, ...failed(classifyAwsError(error), tagCall) };
  });
  return [
    ...(listed?.notes ?? []).map(incomplete),
    ...undecided.sort((a, b) => (a.clusterArn < b.clusterArn ? -1 : 1)),
  ];
}

/** The failure of right credentials: of what AWS calls unknown credentials, only a region that is not enabled is left. */
function inRegion(failure: AwsFailure): AwsFailure {
  return failure.kind === 'refused-credentials' ? { ...failure, kind: 'region-not-enabled' } : failure;
}

type Why = Omit<DiscoveryProblem, 'accountId' | 'region' | 'clusterArn'>;

function failed(failure: AwsFailure, asked: AwsCall): Why {
  const { reason, detail, fix } = missingFrom(failure, asked);
  const { action, resource } = calledBy(failure, asked);
  const permission = failure.kind === 'not-permitted' ? { action, resource } : null;
  return { kind: failure.kind, reason, detail, fix: fix ?? null, permission };
}

function noRole({ region, accountId }: Scope): Why {
  const detail = `${LIST_CALL.action} in ${region}: the credentials are not of account ${accountId}, and no role to assume there is named`;
  return {
    kind: 'not-permitted',
    reason: 'not-permitted',
    detail,
    fix: 'Name the role: --role-name',
    permission: null,
  };
}
