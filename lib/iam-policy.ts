// IAM policies from the list of permissions: for docs/permissions.md and for the deployment. Data only; the resources come from whoever asks.
import {
  BUCKET_READ_PREFIXES,
  BUCKET_WRITE_PREFIXES,
  deniedActionsOf,
  type PermissionChoices,
  type PermissionResource,
  type Principal,
  permissionsOf,
} from './permissions.ts';

/** Names that fill a policy's resources. Each list may hold patterns. */
export interface PolicyScope {
  clusterArns: readonly string[];
  bucketArn?: string | undefined;
  reportTopicArns?: readonly string[] | undefined;
  collectorFunctionArns?: readonly string[] | undefined;
  authSecretArns?: readonly string[] | undefined;
  authSecretKeyArns?: readonly string[] | undefined;
}

export interface PolicyStatement {
  Sid: string;
  Effect: 'Allow' | 'Deny';
  Action: string[];
  Resource: string[];
  Condition?: PolicyCondition;
}

export type PolicyCondition = Record<'StringEquals', Record<string, string[]>>;

/** The principal's statements: one for each kind of resource that the scope names, then the deny. */
export function policyStatements(
  principal: Principal,
  scope: PolicyScope,
  choices: PermissionChoices = {},
): PolicyStatement[] {
  const permissions = permissionsOf(principal, choices);
  const kinds = [...new Set(permissions.map((permission) => permission.resource))];
  const allows = kinds.flatMap((kind): PolicyStatement[] => {
    const Resource = resourcesOf(kind, scope);
    if (Resource.length === 0) return [];
    const Action = permissions.filter((each) => each.resource === kind).map((each) => each.action);
    return [
      {
        Sid: sidOf(kind),
        Effect: 'Allow',
        Action,
        Resource,
        ...conditionOf(kind, Resource),
      },
    ];
  });
  return [
    ...allows,
    { Sid: 'NeverMoreThanRead', Effect: 'Deny', Action: deniedActionsOf(principal, choices), Resource: ['*'] },
  ];
}

/** The whole policy document, ready for `aws iam create-policy`. */
export function policyDocument(
  principal: Principal,
  scope: PolicyScope,
  choices: PermissionChoices = {},
): { Version: string; Statement: PolicyStatement[] } {
  return { Version: '2012-10-17', Statement: policyStatements(principal, scope, choices) };
}

/**
 * A key of the user's own decrypts for Secrets Manager alone: whoever holds the principal's credentials can do nothing else with it.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function conditionOf(kind: PermissionResource, arns: readonly string[]): { Condition?: PolicyCondition } {
  if (kind !== 'auth-secret-key') return {};
  return { Condition: { StringEquals: { 'kms:ViaService': [...new Set(arns.map(secretsManagerBeside))] } } };
}

function secretsManagerBeside(arn: string): string {
  const [, partition, , region] = arn.split(':');
  return `secretsmanager.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}

function resourcesOf(kind: PermissionResource, scope: PolicyScope): string[] {
  const inBucket = (prefixes: readonly string[]) =>
    scope.bucketArn === undefined ? [] : prefixes.map((prefix) => `${scope.bucketArn}/${prefix}*`);
  switch (kind) {
    case 'any':
      return ['*'];
    case 'cluster':
      return [...scope.clusterArns];
    case 'configuration':
      return [...new Set(scope.clusterArns.map((arn) => arn.replace(/:cluster\/.*$/, ':configuration/*')))];
    // The cluster's name and uuid stand in the ARNs of its topics and groups too.
    case 'topic':
    case 'group':
      return scope.clusterArns.map((arn) => `${arn.replace(':cluster/', `:${kind}/`)}/*`);
    case 'bucket':
      return scope.bucketArn === undefined ? [] : [scope.bucketArn];
    case 'bucket-read-prefixes':
      return inBucket(BUCKET_READ_PREFIXES);
    case 'bucket-write-prefixes':
      return inBucket(BUCKET_WRITE_PREFIXES);
    case 'report-topics':
      return [...(scope.reportTopicArns ?? [])];
    case 'collector-function':
      return [...(scope.collectorFunctionArns ?? [])];
    case 'auth-secret':
      return [...(scope.authSecretArns ?? [])];
    case 'auth-secret-key':
      return [...(scope.authSecretKeyArns ?? [])];
  }
}

const WRITING: readonly PermissionResource[] = ['bucket-write-prefixes', 'report-topics', 'collector-function'];

function sidOf(kind: PermissionResource): string {
  return `${WRITING.includes(kind) ? 'Use' : 'Read'}${pascal(kind)}`;
}

function pascal(kind: string): string {
  return kind
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
