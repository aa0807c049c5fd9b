import { AwsError } from '../http.ts';
import type { ClusterOperation, MskState } from './state.ts';

/** Newest first. An operation under way has no end time, and the field is left out. */
export function listOperations(state: MskState): object[] {
  return [...state.operations]
    .sort((a, b) => b.startTime.getTime() - a.startTime.getTime())
    .map((operation) => summary(state, operation));
}

export function oneOperation(state: MskState, arn: string): object {
  const found = state.operations.find((operation) => operation.arn === arn);
  if (found === undefined) throw new AwsError('NotFoundException', 'The requested resource does not exist.', 404);
  return { ...summary(state, found), provisioned: { operationSteps: [] } };
}

function summary(state: MskState, { arn, type, state: operationState, startTime, endTime }: ClusterOperation): object {
  return {
    clusterArn: state.identity.arn,
    clusterType: 'PROVISIONED',
    startTime: startTime.toISOString(),
    ...(endTime === undefined ? {} : { endTime: endTime.toISOString() }),
    operationArn: arn,
    operationState,
    operationType: type,
  };
}
