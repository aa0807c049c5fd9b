import { expect, test } from 'vitest';
import { collectErrorOf, fatalErrorOf, missingFrom } from '../../lib/collect/aws-errors.ts';
import { type AwsFailureKind, classifyAwsError, markRole } from '../../lib/collect/classify-aws-error.ts';
import { ARN, awsError } from './msk/an-answer.ts';

const SSO_EXPIRED =
  "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session run 'aws sso login' with the corresponding profile.";

test.each<[string, unknown, AwsFailureKind, string]>([
  ['MSK refuses', awsError('ForbiddenException', '', 403), 'not-permitted', 'ForbiddenException'],
  ["the gateway's refusal", awsError('AccessDeniedException', '', 403), 'not-permitted', 'AccessDeniedException'],
  ['the query protocol refuses', awsError('AccessDenied', '', 403), 'not-permitted', 'AccessDenied'],
  ['MSK throttles', awsError('TooManyRequestsException', '', 429), 'throttled', 'TooManyRequestsException'],
  ['CloudWatch throttles', awsError('ThrottlingException', 'Rate exceeded'), 'throttled', 'ThrottlingException'],
  ['an unknown name with status 429', awsError('Surprise', '', 429), 'throttled', 'Surprise'],
  ['an unknown name with status 403', awsError('Surprise', '', 403), 'not-permitted', 'Surprise'],
  ['the cluster does not exist', awsError('NotFoundException', '', 404), 'not-found', 'NotFoundException'],
  [
    'no credentials',
    awsError('CredentialsProviderError', 'Could not load credentials from any providers'),
    'no-credentials',
    'CredentialsProviderError',
  ],
  [
    'an expired SSO login',
    awsError('CredentialsProviderError', SSO_EXPIRED),
    'expired-credentials',
    'CredentialsProviderError',
  ],
  [
    'an expired SSO token',
    awsError('TokenProviderError', 'Token is expired.'),
    'expired-credentials',
    'TokenProviderError',
  ],
  ['an expired session', awsError('ExpiredTokenException', ''), 'expired-credentials', 'ExpiredTokenException'],
  [
    'wrong keys, or a region not enabled',
    awsError('UnrecognizedClientException', ''),
    'refused-credentials',
    'UnrecognizedClientException',
  ],
  [
    'wrong secret, or a wrong clock',
    awsError('SignatureDoesNotMatch', ''),
    'refused-credentials',
    'SignatureDoesNotMatch',
  ],
  ['a wrong clock', awsError('RequestTimeTooSkewed', '', 403), 'refused-credentials', 'RequestTimeTooSkewed'],
  ['a clock that is ahead', awsError('RequestInTheFuture', '', 403), 'refused-credentials', 'RequestInTheFuture'],
  ['a region not enabled', awsError('OptInRequired', ''), 'region-not-enabled', 'OptInRequired'],
  ['no DNS', Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }), 'unreachable', 'ENOTFOUND'],
  [
    'a closed port, wrapped twice',
    new Error('x', { cause: new AggregateError([Object.assign(new Error(), { code: 'ECONNREFUSED' })]) }),
    'unreachable',
    'ECONNREFUSED',
  ],
  [
    'an intercepted certificate',
    Object.assign(new Error(), { code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
    'unreachable',
    'SELF_SIGNED_CERT_IN_CHAIN',
  ],
  ['no answer in time', awsError('TimeoutError', ''), 'timed-out', 'TimeoutError'],
  [
    'a broken connection, which the SDK calls a time-out',
    Object.assign(awsError('TimeoutError', ''), { code: 'ECONNRESET' }),
    'unreachable',
    'ECONNRESET',
  ],
  ['the deadline', new DOMException('late', 'TimeoutError'), 'timed-out', 'TimeoutError'],
  ['a bad request', awsError('BadRequestException', ''), 'bad-request', 'BadRequestException'],
  ['AWS is broken', awsError('InternalServerErrorException', '', 500), 'failed', 'InternalServerErrorException'],
  ['our bug', new TypeError('undefined is not a function'), 'failed', 'TypeError'],
  ['no error at all', 'boom', 'failed', 'Error'],
  ['nothing', undefined, 'failed', 'Error'],
])('%s', (_, error, kind, name) => {
  expect(classifyAwsError(error)).toMatchObject({ kind, name });
});

const CALL = { action: 'kafka:ListNodes', resource: ARN.arn, region: 'us-east-1' };

test.each([
  ['ForbiddenException', 'not-permitted', `Allow kafka:ListNodes on ${ARN.arn} for the caller`],
  ['TooManyRequestsException', 'throttled', 'Run again later, or spread runs of several clusters over time'],
  ['TimeoutError', 'timed-out', 'Give the caller a network path to the kafka endpoint of us-east-1'],
  ['InternalServerErrorException', 'failed', undefined],
  [
    'OptInRequired',
    'not-permitted',
    'Enable the region for the account; its state: aws account get-region-opt-status --region-name us-east-1',
  ],
])('%s leaves a section %s with its cure', (name, reason, fix) => {
  const section = missingFrom(classifyAwsError(awsError(name)), CALL);
  expect(section).toMatchObject({ ok: false, reason });
  expect(section.fix).toBe(fix);
  expect(section.detail).toContain(name);
});

test("AWS's own text, which names principals and accounts, is in no detail", () => {
  const error = awsError('AccessDeniedException', 'User: arn:aws:iam::444455556666:user/jane is not authorized');
  expect(JSON.stringify(missingFrom(classifyAwsError(error), CALL))).not.toMatch(/jane|444455556666/);
});

const ROLE = 'arn:aws:iam::111122223333:role/reader';
const roleDenied = () =>
  classifyAwsError(markRole(awsError('AccessDenied', 'User: arn:aws:sts::444455556666:user/jane may not', 403), ROLE));

test('a role that cannot be assumed is what is missing, not the call that wanted its credentials', () => {
  const section = missingFrom(roleDenied(), CALL);
  expect(section).toMatchObject({
    reason: 'not-permitted',
    detail: 'sts:AssumeRole in us-east-1: the caller may not do this (AccessDenied)',
    fix: `Allow sts:AssumeRole on ${ROLE} for the caller, and let the role's trust policy name the caller`,
  });
});

test('a role that cannot be assumed ends the run, and is not taken for credentials of another account', () => {
  const error = fatalErrorOf(roleDenied(), CONTEXT);
  expect(error).toMatchObject({ code: 'not-permitted', message: expect.stringContaining(ROLE) });
  expect(error?.message).not.toMatch(/444455556666|jane/);
  const unnamed = classifyAwsError(markRole(awsError('AccessDenied', 'no', 403), ROLE));
  expect(fatalErrorOf(unnamed, CONTEXT)).toMatchObject({ code: 'not-permitted' });
});

const CONTEXT = { ...ARN, clusterArn: ARN.arn };
const failure = (name: string, message = '') => classifyAwsError(awsError(name, message));

test.each([
  [
    'not-found',
    failure('NotFoundException'),
    /^No MSK cluster arn:aws:kafka:us-east-1:111122223333.* account 111122223333, us-east-1$/,
  ],
  ['no-credentials', failure('CredentialsProviderError'), /--profile.*aws sso login$/],
  ['expired-credentials', failure('CredentialsProviderError', SSO_EXPIRED), /expired; run: aws sso login$/],
  ['refused-credentials', failure('UnrecognizedClientException'), /get-region-opt-status --region-name us-east-1/],
  ['region-not-enabled', failure('OptInRequired'), /the region is not enabled/],
] as const)('%s ends the run with one line', (code, awsFailure, line) => {
  const error = fatalErrorOf(awsFailure, CONTEXT);
  expect(error).toMatchObject({ code });
  expect(error?.message).toMatch(line);
  expect(error?.message).not.toContain('\n');
});

test('a profile that gives no credentials is named', () => {
  const error = fatalErrorOf(failure('CredentialsProviderError'), { ...CONTEXT, profile: 'nosuch' });
  expect(error?.message).toBe(
    'The AWS profile nosuch gives no credentials; see aws configure list-profiles, or run: aws sso login --profile nosuch',
  );
});

test('the login command names the profile in use, quoted for a shell', () => {
  const expired = failure('ExpiredTokenException');
  expect(fatalErrorOf(expired, { ...CONTEXT, profile: 'prod' })?.message).toContain('aws sso login --profile prod');
  expect(fatalErrorOf(expired, { ...CONTEXT, profile: 'my prod; rm -rf ~' })?.message).toContain(
    "--profile 'my prod; rm -rf ~'",
  );
});

test('credentials of another account are told apart from a missing permission', () => {
  const other = failure('AccessDeniedException', 'User: arn:aws:sts::444455556666:assumed-role/r/s is not authorized');
  expect(fatalErrorOf(other, CONTEXT)).toMatchObject({ code: 'wrong-account' });
  expect(fatalErrorOf(other, CONTEXT)?.message).toContain('444455556666');
  const own = failure('AccessDeniedException', 'User: arn:aws:sts::111122223333:assumed-role/r/s is not authorized');
  expect(fatalErrorOf(own, CONTEXT)).toBeNull();
  expect(collectErrorOf(own, CONTEXT)).toMatchObject({ code: 'not-permitted' });
});

test.each(['TooManyRequestsException', 'TimeoutError', 'InternalServerErrorException', 'ENOTFOUND'])(
  '%s does not end the run by itself',
  (name) => {
    expect(fatalErrorOf(failure(name), CONTEXT)).toBeNull();
    expect(collectErrorOf(failure(name), CONTEXT).message).not.toContain('\n');
  },
);
