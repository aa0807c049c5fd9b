// Which of a few classes an AWS error belongs to. Services, gateways and credential providers name the same thing differently.

/** Classes that AWS's many error names fall into. */
export type AwsFailureKind =
  | 'not-found'
  | 'no-credentials'
  | 'expired-credentials'
  | 'refused-credentials'
  | 'region-not-enabled'
  | 'not-permitted'
  | 'throttled'
  | 'timed-out'
  | 'unreachable'
  | 'bad-request'
  | 'failed';

export interface AwsFailure {
  kind: AwsFailureKind;
  /** AWS's or Node's name of the error (`ForbiddenException`, `ENOTFOUND`): safe to print. */
  name: string;
  /** Account of the caller when AWS's refusal names it. */
  callerAccountId: string | null;
  /** The role that could not be assumed, when the call failed before it was sent. */
  roleArn: string | null;
}

/** Marks the error of AssumeRole, which surfaces from whichever call wanted the credentials. Returns the same error. */
export function markRole(error: unknown, roleArn: string): unknown {
  return typeof error === 'object' && error !== null ? Object.assign(error, { assumedRoleArn: roleArn }) : error;
}

const KINDS_BY_NAME: readonly (readonly [AwsFailureKind, RegExp])[] = [
  ['expired-credentials', /^(ExpiredToken(Exception)?|RequestExpired|TokenRefreshRequired|TokenProviderError)$/],
  ['no-credentials', /^(CredentialsProviderError|CredentialsError|MissingAuthenticationToken(Exception)?)$/],
  [
    'refused-credentials',
    /^(UnrecognizedClient(Exception)?|InvalidClientTokenId|InvalidAccessKeyId|(Invalid)?Signature(DoesNotMatch|Exception)|IncompleteSignature(Exception)?|AuthFailure|RequestTimeTooSkewed|RequestInTheFuture)$/,
  ],
  ['region-not-enabled', /^(OptInRequired|RegionDisabledException)$/],
  [
    'not-permitted',
    /^(AccessDenied(Exception)?|Forbidden(Exception)?|Unauthorized(Exception|Operation)?|AuthorizationError(Exception)?|KMSAccessDeniedException)$/i,
  ],
  [
    'throttled',
    /^(TooManyRequests(Exception)?|Throttl(ing|ed)(Exception)?|RequestLimitExceeded|LimitExceeded(Exception|Fault))$/,
  ],
  ['not-found', /^(NotFound(Exception)?|ResourceNotFound(Exception)?)$/],
  // Before the time-outs: the SDK calls a connection that broke (ECONNRESET, EPIPE) a TimeoutError.
  [
    'unreachable',
    /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|EPIPE|EPROTO|NetworkingError|UnknownEndpoint|CERT_.*|.*_CERT_.*|SELF_SIGNED_.*|ERR_TLS_.*)$/,
  ],
  ['timed-out', /^(TimeoutError|RequestTimeout(Exception)?|AbortError|ETIMEDOUT)$/],
  ['bad-request', /^(BadRequest(Exception)?|Validation(Error|Exception)|InvalidParameter.*)$/],
];

/** The class of anything that an SDK call threw. Never throws. */
export function classifyAwsError(error: unknown): AwsFailure {
  const names = namesOf(error);
  const message = textOf(error, 'message');
  const match = KINDS_BY_NAME.map(([kind, pattern]) => ({ kind, name: names.find((name) => pattern.test(name)) })).find(
    (each) => each.name !== undefined,
  );
  const callerAccountId = /\barn:aws[\w-]*:(?:iam|sts)::(\d{12}):/.exec(message)?.[1] ?? null;
  const roleArn = textOf(error, 'assumedRoleArn') || null;
  if (match === undefined) return { ...unknown(error, names[0] ?? 'Error'), callerAccountId, roleArn };
  return { kind: refine(match.kind, message), name: match.name!, callerAccountId, roleArn };
}

/** The credential providers use one name for "nothing found" and "found, but expired"; only the text tells them apart. */
function refine(kind: AwsFailureKind, message: string): AwsFailureKind {
  const isExpired = /expired|aws sso login|refresh this SSO session|reauthenticate/i.test(message);
  return kind === 'no-credentials' && isExpired ? 'expired-credentials' : kind;
}

/** No name of AWS's. A page of HTML is a proxy's or a portal's: whatever its status says, AWS was not asked. */
function unknown(error: unknown, name: string): Pick<AwsFailure, 'kind' | 'name'> {
  const status = statusOf(error);
  if (isHtml(error)) return { kind: status !== null && status >= 500 ? 'failed' : 'unreachable', name: 'HtmlAnswer' };
  if (name === 'SyntaxError') return { kind: 'failed', name: 'UnreadableAnswer' };
  return { kind: kindOfStatus(status), name };
}

function isHtml(error: unknown): boolean {
  const response = (error as { $response?: { headers?: Record<string, unknown> } } | null | undefined)?.$response;
  const type = response?.headers?.['content-type'];
  return typeof type === 'string' && type.startsWith('text/html');
}

function kindOfStatus(status: number | null): AwsFailureKind {
  if (status === 401 || status === 403) return 'not-permitted';
  if (status === 429) return 'throttled';
  if (status === 404) return 'not-found';
  return 'failed';
}

/** Names to try: the error's own, its `code`, and those of what caused it (Node wraps the socket's error). */
function namesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const own = [textOf(error, 'name'), textOf(error, 'code'), textOf(error, 'Code')].filter((name) =>
    /^\w+$/.test(name),
  );
  const inner = error instanceof AggregateError ? error.errors : [];
  const nested = [(error as { cause?: unknown }).cause, ...inner].flatMap((each) => namesOf(each, depth + 1));
  return [...own, ...nested];
}

function textOf(error: unknown, key: string): string {
  const value = typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : '';
}

function statusOf(error: unknown): number | null {
  const metadata =
    typeof error === 'object' && error !== null ? (error as Record<string, unknown>).$metadata : undefined;
  const status = (metadata as { httpStatusCode?: unknown } | undefined)?.httpStatusCode;
  return typeof status === 'number' ? status : null;
}
