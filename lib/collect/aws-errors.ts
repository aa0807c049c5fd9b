// What an AWS error means for the reader of a report: a reason for one missing section, or the end of the run with one clear line.
// Only classes of errors leave this file: AWS's own messages name principals, accounts and resources.
import { type Missing, type MissingReason, missing } from '../snapshot/collected.ts';
import { quoteArg } from '../text/command.ts';
import { safeText } from '../text/sanitize.ts';
import type { AwsFailure, AwsFailureKind } from './classify-aws-error.ts';

export type CollectErrorCode =
  | 'bad-arn'
  | 'wrong-region'
  | 'wrong-account'
  | 'not-found'
  | 'no-credentials'
  | 'expired-credentials'
  | 'refused-credentials'
  | 'region-not-enabled'
  | 'not-permitted'
  | 'unreachable'
  | 'timed-out'
  | 'throttled'
  /** AWS itself failed, which may pass; `nothing-collected` is for good. */
  | 'aws-failed'
  | 'nothing-collected';

/** The run cannot give a report. `message` is one line for the user; `bad-arn` and `wrong-region` are wrong usage (exit 2). */
export class CollectError extends Error {
  override readonly name = 'CollectError';
  readonly code: CollectErrorCode;

  constructor(code: CollectErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** What was asked, for the words of a failure. */
export interface AwsCall {
  /** IAM's name of what was called: `kafka:ListNodes`. */
  action: string;
  /** Resource that the permission must cover; `*` where IAM knows none. */
  resource: string;
  region: string;
}

const REASON_OF: Readonly<Record<AwsFailureKind, MissingReason>> = {
  'not-found': 'failed',
  'no-credentials': 'not-permitted',
  'expired-credentials': 'not-permitted',
  'refused-credentials': 'not-permitted',
  'region-not-enabled': 'not-permitted',
  'not-permitted': 'not-permitted',
  throttled: 'throttled',
  'timed-out': 'timed-out',
  unreachable: 'unreachable',
  'bad-request': 'failed',
  failed: 'failed',
};

/** The missing section that a failed call leaves, with the exact permission where that is the cure. */
export function missingFrom(failure: AwsFailure, asked: AwsCall): Missing {
  const call = calledBy(failure, asked);
  const detail = `${call.action} in ${call.region}: ${SENTENCES[failure.kind]} (${failure.name})`;
  return missing(REASON_OF[failure.kind], detail, fixOf(failure, call));
}

/** What really failed: a role that cannot be assumed fails every call that wants its credentials. */
export function calledBy(failure: AwsFailure, asked: AwsCall): AwsCall {
  return failure.roleArn === null ? asked : { ...asked, action: 'sts:AssumeRole', resource: failure.roleArn };
}

const SENTENCES: Readonly<Record<AwsFailureKind, string>> = {
  'not-found': 'AWS does not know the resource',
  'no-credentials': 'no AWS credentials were found',
  'expired-credentials': 'the AWS credentials have expired',
  'refused-credentials': 'AWS does not accept the credentials in this region',
  'region-not-enabled': 'the region is not enabled for the account',
  'not-permitted': 'the caller may not do this',
  throttled: 'AWS kept refusing because of too many requests',
  'timed-out': 'no answer in time',
  unreachable: 'the AWS endpoint could not be reached',
  'bad-request': 'AWS refused the request as invalid',
  failed: 'AWS failed to answer',
};

function fixOf({ kind, roleArn }: AwsFailure, call: AwsCall): string | undefined {
  if (kind === 'not-permitted' && roleArn !== null) {
    return `Allow ${call.action} on ${call.resource} for the caller, and let the role's trust policy name the caller`;
  }
  if (kind === 'not-permitted') return `Allow ${call.action} on ${call.resource} for the caller`;
  if (kind === 'region-not-enabled') {
    return `Enable the region for the account; its state: aws account get-region-opt-status --region-name ${call.region}`;
  }
  if (kind === 'throttled') return 'Run again later, or spread runs of several clusters over time';
  if (kind === 'unreachable' || kind === 'timed-out') {
    return `Give the caller a network path to the ${call.action.split(':')[0]} endpoint of ${call.region}`;
  }
  return undefined;
}

/** What the user typed, for the words of an error that ends the run. */
export interface CallerContext {
  region: string;
  accountId: string;
  clusterArn: string;
  profile?: string | undefined;
}

/** The error that ends the run when the cluster's own description failed in this way; null when the run can go on without it. */
export function fatalErrorOf(failure: AwsFailure, context: CallerContext): CollectError | null {
  switch (failure.kind) {
    case 'not-found':
    case 'no-credentials':
    case 'expired-credentials':
    case 'refused-credentials':
    case 'region-not-enabled':
      return collectErrorOf(failure, context);
    case 'not-permitted':
      return failure.roleArn !== null || isOtherAccount(failure, context) ? collectErrorOf(failure, context) : null;
    default:
      return null;
  }
}

/** The error of a run in which nothing at all could be read. */
export function collectErrorOf(failure: AwsFailure, context: CallerContext): CollectError {
  const { region, accountId, clusterArn } = context;
  const where = `(${failure.name}, ${region})`;
  switch (failure.kind) {
    case 'not-found':
      return new CollectError('not-found', `No MSK cluster ${clusterArn} exists in account ${accountId}, ${region}`);
    case 'no-credentials':
      return new CollectError(
        'no-credentials',
        context.profile === undefined
          ? `No AWS credentials were found; name a profile with --profile, or run: ${loginCommand(context)}`
          : `The AWS profile ${safeText(context.profile)} gives no credentials; see aws configure list-profiles, or run: ${loginCommand(context)}`,
      );
    case 'expired-credentials':
      return new CollectError('expired-credentials', `The AWS credentials have expired; run: ${loginCommand(context)}`);
    case 'refused-credentials':
      return new CollectError(
        'refused-credentials',
        `AWS does not accept the credentials ${where}: they are wrong, this machine's clock is, or ${regionHint(region)}`,
      );
    case 'region-not-enabled':
      return new CollectError('region-not-enabled', `AWS refused the account ${where}: ${regionHint(region)}`);
    case 'not-permitted':
      return notPermittedError(failure, context);
    case 'unreachable':
      return new CollectError(
        'unreachable',
        `AWS could not be reached ${where}: check the network, the proxy and the region's name`,
      );
    case 'timed-out':
      return new CollectError('timed-out', `AWS did not answer in time ${where}: check the network and the proxy`);
    case 'throttled':
      return new CollectError(
        'throttled',
        `AWS kept refusing because of too many requests ${where}: run again in a few minutes`,
      );
    case 'failed':
      return new CollectError('aws-failed', `AWS failed to answer ${where}: run again in a few minutes`);
    case 'bad-request':
      return new CollectError('nothing-collected', `Nothing could be read of ${clusterArn} ${where}`);
  }
}

function isOtherAccount(failure: AwsFailure, context: CallerContext): boolean {
  return failure.callerAccountId !== null && failure.callerAccountId !== context.accountId;
}

function notPermittedError(failure: AwsFailure, context: CallerContext): CollectError {
  if (failure.roleArn !== null) {
    const message = `The role ${failure.roleArn} cannot be assumed (${failure.name}): allow sts:AssumeRole on it for the caller, and let its trust policy name the caller`;
    return new CollectError('not-permitted', message);
  }
  if (isOtherAccount(failure, context)) {
    const message = `The credentials belong to account ${failure.callerAccountId}, the cluster to ${context.accountId}: name a profile or --role-arn of ${context.accountId}`;
    return new CollectError('wrong-account', message);
  }
  const message = `The caller may read nothing of ${context.clusterArn} (${failure.name}): docs/permissions.md has the read-only policy`;
  return new CollectError('not-permitted', message);
}

function regionHint(region: string): string {
  return `the region is not enabled for the account: aws account get-region-opt-status --region-name ${region}`;
}

function loginCommand(context: CallerContext): string {
  const profile = context.profile === undefined ? null : quoteArg(context.profile);
  return profile === null ? 'aws sso login' : `aws sso login --profile ${profile}`;
}
