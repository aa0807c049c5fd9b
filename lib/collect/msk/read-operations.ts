// The section `operations`: what was or is being done to the cluster. It masks minutes that say nothing about health, and tells history
// what changed.
import pMap from 'p-map';
import { isOperationFailed, isOperationOver, leavesDefinition } from '../../facts/cluster-operations.ts';
import type { Collected } from '../../snapshot/collected.ts';
import { plural } from '../../text/units.ts';
import { collectPages } from '../pages.ts';
import { asNote, attempt, attemptCall, type ClusterReading, clusterCall, partialOf, told } from './cluster-reading.ts';
import { normaliseDetails, normaliseOperation, type Operation } from './normalise-operation.ts';

const DAY_MS = 86_400_000;
/** The longest look back of any KPI or trend. */
const HISTORY_DAYS = 28;
/** 100 operations a page. The API neither takes a time nor promises an order, so all pages are asked for. */
const MAX_OPERATION_PAGES = 10;
/** One call each. */
export const MAX_DETAILED_OPERATIONS = 10;
/** MSK publishes no rate limits for its control plane. */
const CALLS_AT_ONCE = 4;

/** Operations of the last 28 days and those still running, newest first; the newest that changed something or failed with details. */
export async function collectOperations(reading: ClusterReading): Promise<Collected<Operation[]>> {
  const { reader, arn, run, nowMs } = reading;
  run.announce('operations');
  const listed = await attempt(reading, clusterCall('ListClusterOperationsV2', arn), (signal) =>
    collectPages(async (token) => {
      const page = await reader.listClusterOperations(arn.arn, token, signal);
      return { items: told(page.ClusterOperationInfoList, 'ClusterOperationInfoList'), nextToken: page.NextToken };
    }, MAX_OPERATION_PAGES),
  );
  if (!listed.ok) return run.settle('operations', listed.missing);
  const operations = onceEach(listed.value.items.map(normaliseOperation))
    .filter((operation) => isRecent(operation, nowMs - HISTORY_DAYS * DAY_MS))
    .sort((a, b) => (b.startMs ?? 0) - (a.startMs ?? 0) || (a.arn < b.arn ? -1 : 1));
  const { detailed, notes } = await withDetails(reading, operations);
  const more = listed.value.isTruncated ? 'the list of operations went on after its last page was due' : null;
  return run.present('operations', detailed, partialOf([more, ...notes]));
}

/** A server that repeats its pages must not double what happened. */
function onceEach(operations: readonly Operation[]): Operation[] {
  return [...new Map(operations.map((each, index) => [each.arn || index, each])).values()];
}

/** Without an end it may still run; without any time it cannot be left out. */
function isRecent({ startMs, endMs, state }: Operation, sinceMs: number): boolean {
  if (endMs !== null) return endMs >= sinceMs;
  return !isOperationOver(state) || startMs === null || startMs >= sinceMs;
}

async function withDetails(reading: ClusterReading, operations: readonly Operation[]) {
  const worth = operations.filter(isWorthDetails);
  const asked = worth.slice(0, MAX_DETAILED_OPERATIONS);
  const answers = await pMap(asked, ({ arn }) => readDetails(reading, arn), { concurrency: CALLS_AT_ONCE });
  const detailsByArn = new Map(answers.flatMap((each, index) => (each.ok ? [[asked[index]!.arn, each.value]] : [])));
  const refused = answers.flatMap((each) => (each.ok ? [] : [each.missing]));
  const detailed = operations.map((operation): Operation => {
    const details = detailsByArn.get(operation.arn);
    return details === undefined ? operation : { ...operation, details };
  });
  const leftOut = worth.length - asked.length;
  const notes = [
    leftOut === 0 ? null : `what ${plural(leftOut, 'older operation')} changed was not asked for`,
    refused.length === 0
      ? null
      : `what ${plural(refused.length, 'operation')} changed is not known: ${asNote(refused[0]!)}`,
  ];
  return { detailed, notes };
}

function isWorthDetails({ arn, type, state }: Operation): boolean {
  return arn !== '' && (isOperationFailed(state) || !leavesDefinition(type));
}

/** An operation that AWS has forgotten says nothing about the cluster: NotFound is a failure like any other here. */
function readDetails({ reader, arn, run }: ClusterReading, operationArn: string) {
  return attemptCall(run, clusterCall('DescribeClusterOperationV2', arn, '*'), async (signal) => {
    const { ClusterOperationInfo: info } = await reader.describeClusterOperation(operationArn, signal);
    return normaliseDetails(told(info, 'ClusterOperationInfo'));
  });
}
