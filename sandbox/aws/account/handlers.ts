import type { Incoming, ServiceHandler } from '../front.ts';
import { AwsError, sendJson, sendText } from '../http.ts';
import type { MskState } from '../msk/state.ts';
import type { AccountState } from './state.ts';
import { describeSubnets } from './subnets.ts';

type Input = Record<string, unknown>;
type Answer = (input: Input) => object;

const JSON_1_0 = { 'content-type': 'application/x-amz-json-1.0' };
const JSON_1_1 = { 'content-type': 'application/x-amz-json-1.1' };

/** Services beside MSK and CloudWatch's metrics that say what lies around the cluster, by the name that signs their calls. */
export function accountHandlers(account: AccountState, msk: MskState): Record<string, ServiceHandler> {
  const ofCluster = (key: string, items: () => object[]): Answer => {
    return (input) => {
      if (input.ServiceNamespace === undefined) throw invalid('ServiceNamespace is required');
      const ids = [input.ResourceIds, input.ResourceId].flat();
      const isMeant = input.ServiceNamespace === 'kafka' && ids.includes(msk.identity.arn);
      return listed(key, isMeant ? items() : [], input, 50);
    };
  };
  return {
    'application-autoscaling': jsonService({
      DescribeScalableTargets: ofCluster('ScalableTargets', () => account.scalableTargets),
      DescribeScalingPolicies: ofCluster('ScalingPolicies', () => account.scalingPolicies),
      DescribeScalingActivities: ofCluster('ScalingActivities', () => account.scalingActivities),
    }),
    servicequotas: jsonService({
      ListServiceQuotas: (input) => listed('Quotas', quotas(input, account.appliedQuotas), input, 100),
      ListAWSDefaultServiceQuotas: (input) => listed('Quotas', quotas(input, account.defaultQuotas), input, 100),
    }),
    kafkaconnect: connectors(account),
    ec2: subnets(msk),
  };
}

/** DescribeAlarms, where the account's alarms were put in; false for all else of CloudWatch. */
export function alarmHandler(account: AccountState): ServiceHandler {
  return async ({ operation, body, response }) => {
    if (operation !== 'DescribeAlarms' || account.alarms === null) return false;
    const { MaxRecords, NextToken } = inputOf(body);
    const { page, next } = pageOf(account.alarms, MaxRecords, NextToken, 100);
    sendJson(response, 200, { MetricAlarms: page, CompositeAlarms: [], NextToken: next }, JSON_1_0);
    return true;
  };
}

/** The operation that a REST call of MSK Connect stands for. */
export function connectOperation(method: string, url: URL): string {
  return method === 'GET' && url.pathname === '/v1/connectors' ? 'ListConnectors' : `${method} ${url.pathname}`;
}

function jsonService(answers: Readonly<Record<string, Answer>>): ServiceHandler {
  return async ({ operation, body, response }) => {
    const answer = answers[operation];
    if (answer === undefined) throw notServed(operation);
    sendJson(response, 200, answer(inputOf(body)), JSON_1_1);
    return true;
  };
}

function connectors(account: AccountState): ServiceHandler {
  return async ({ operation, response, url }) => {
    if (operation !== 'ListConnectors')
      throw new AwsError('ForbiddenException', `the sandbox has no ${operation}`, 403);
    const { maxResults, nextToken } = Object.fromEntries(url.searchParams);
    const { page, next } = pageOf(account.connectors, maxResults, nextToken, 100);
    sendJson(response, 200, { connectors: page, nextToken: next });
    return true;
  };
}

/** The rest of EC2 belongs to the emulator. */
function subnets(msk: MskState): ServiceHandler {
  return async ({ operation, body, response }: Incoming) => {
    if (operation !== 'DescribeSubnets') return false;
    sendText(response, 200, describeSubnets(msk, new URLSearchParams(body.toString('utf8'))), 'text/xml;charset=UTF-8');
    return true;
  };
}

function quotas({ ServiceCode }: Input, all: readonly object[]): readonly object[] {
  if (ServiceCode !== 'kafka') throw new AwsError('NoSuchResourceException', 'The service does not exist.');
  return all.map((quota) => ({ ServiceCode: 'kafka', Adjustable: true, GlobalQuota: false, Unit: 'None', ...quota }));
}

function listed(key: string, items: readonly object[], { MaxResults, NextToken }: Input, most: number): object {
  const { page, next } = pageOf(items, MaxResults, NextToken, most);
  return { [key]: page, NextToken: next };
}

/** One page of a list; a token says where the next page begins. */
function pageOf(
  items: readonly object[],
  maximum: unknown,
  token: unknown,
  most: number,
): { page: object[]; next: string | undefined } {
  const size = Number(maximum ?? most);
  if (!Number.isInteger(size) || size < 1 || size > most) throw invalid(`a page has between 1 and ${most} items`);
  const start = Number(token ?? 0);
  if (!Number.isInteger(start) || start < 0) throw new AwsError('InvalidNextTokenException', 'The token is not valid.');
  const end = start + size;
  return { page: items.slice(start, end), next: end < items.length ? String(end) : undefined };
}

function inputOf(body: Buffer): Input {
  return body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as Input);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

function notServed(operation: string): AwsError {
  return new AwsError(
    'AccessDeniedException',
    `User is not authorized to perform ${operation}: the sandbox does not serve it`,
  );
}
