// IAM statements from the one list of what each function may do (lib/permissions.ts): here only the resources are filled in.
import * as iam from 'aws-cdk-lib/aws-iam';
import { conditionOf } from '../../lib/iam-policy.ts';
import {
  BUCKET_READ_PREFIXES,
  BUCKET_WRITE_PREFIXES,
  deniedActionsOf,
  type PermissionChoices,
  type PermissionResource,
  type Principal,
  permissionsOf,
} from '../../lib/permissions.ts';

/** Where the credentials for the brokers lie. */
export interface AuthSecret {
  readonly arn: string;
  /** Undefined where Secrets Manager's own key keeps it, which everybody who may read the secret may use. */
  readonly keyArn: string | undefined;
}

export interface ReporterScope {
  readonly clusterArns: readonly string[];
  readonly bucketArn: string;
  readonly topicArns: readonly string[];
  /** Empty when no collector is deployed. */
  readonly collectorArns: readonly string[];
  readonly authSecret?: AuthSecret | undefined;
  readonly readBill?: boolean | undefined;
}

type Arns = Partial<Readonly<Record<PermissionResource, readonly string[]>>>;

/** What the report function may do, and what it may never do whoever adds a policy to its role. */
export function reporterStatements(scope: ReporterScope): iam.PolicyStatement[] {
  const { authSecret, readBill = false } = scope;
  const under = (prefixes: readonly string[]) => prefixes.map((prefix) => `${scope.bucketArn}/${prefix}*`);
  const arns = {
    ...clusterResources(scope.clusterArns),
    bucket: [scope.bucketArn],
    'bucket-read-prefixes': under(BUCKET_READ_PREFIXES),
    'bucket-write-prefixes': under(BUCKET_WRITE_PREFIXES),
    'report-topics': scope.topicArns,
    'collector-function': scope.collectorArns,
    'auth-secret': authSecret === undefined ? [] : [authSecret.arn],
    'auth-secret-key': authSecret?.keyArn === undefined ? [] : [authSecret.keyArn],
  };
  return statementsOf('reporter', arns, { authSecret: authSecret !== undefined, bill: readBill });
}

/** Actions with which the Lambda service attaches a function to a VPC; they know no resource when the interface is made. */
export const NETWORK_INTERFACE_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
] as const;

/** What the collector may do: look at the clusters by the Kafka protocol. No AWS API answers it. */
export function collectorStatements(
  clusterArns: readonly string[],
  choices: PermissionChoices = {},
): iam.PolicyStatement[] {
  return [
    ...statementsOf('collector', clusterResources(clusterArns), choices),
    new iam.PolicyStatement({ actions: [...NETWORK_INTERFACE_ACTIONS], resources: ['*'] }),
    // Only Lambda itself needs them: a call from the function's own code carries this key.
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice
    new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      actions: [...NETWORK_INTERFACE_ACTIONS],
      resources: ['*'],
      conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } },
    }),
  ];
}

/** What belongs to the clusters, by kind. */
export function clusterResources(clusterArns: readonly string[]) {
  const beside = (kind: string) => clusterArns.map((arn) => `${arn.replace(':cluster/', `:${kind}/`)}/*`);
  const configurations = clusterArns.map((arn) => `${arn.split(':').slice(0, 5).join(':')}:configuration/*`);
  return {
    any: ['*'],
    cluster: clusterArns,
    topic: beside('topic'),
    group: beside('group'),
    configuration: [...new Set(configurations)],
  } satisfies Arns;
}

function statementsOf(principal: Principal, arns: Arns, choices: PermissionChoices = {}): iam.PolicyStatement[] {
  const actionsByResource = Map.groupBy(permissionsOf(principal, choices), (permission) => permission.resource);
  const allowed = [...actionsByResource].flatMap(([kind, permissions]) => {
    const resources = arns[kind] ?? [];
    if (resources.length === 0) return [];
    const { Condition: conditions = {} } = conditionOf(kind, resources);
    const actions = permissions.map(({ action }) => action);
    return [new iam.PolicyStatement({ actions, resources: [...resources], conditions })];
  });
  const denied = new iam.PolicyStatement({
    sid: 'NeverWhoeverAllows',
    effect: iam.Effect.DENY,
    actions: deniedActionsOf(principal, choices),
    resources: ['*'],
  });
  return [...allowed, denied];
}
