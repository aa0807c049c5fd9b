import { AwsError } from './http.ts';

export type FaultKind = '429' | '500' | '403' | 'slow' | 'cut';

export interface Fault {
  service: string;
  /** As IAM spells it; `*` is every operation of the service. */
  operation: string;
  kind: FaultKind;
  /** How many calls it hits; forever unless told. */
  times?: number;
  /** For `slow`: what the call waits before it is answered. */
  delayMs?: number;
}

interface Armed extends Fault {
  left: number;
}

/** The faults waiting to hit a call. */
export class FaultBox {
  #armed: Armed[] = [];

  inject(fault: Fault): void {
    this.#armed.push({ ...fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#armed = [];
  }

  /** The fault that hits this call, counted down. */
  take(service: string | undefined, operation: string): Fault | undefined {
    const hit = this.#armed.find(
      (fault) =>
        fault.left > 0 && fault.service === service && (fault.operation === '*' || fault.operation === operation),
    );
    if (hit !== undefined) hit.left -= 1;
    return hit;
  }
}

export const DEFAULT_DELAY_MS = 2_000;

/** How the service itself would refuse: each has its own word for "too often" and "not allowed". */
export function faultError(kind: '429' | '500' | '403', service: string | undefined, operation: string): AwsError {
  if (kind === '429') return throttled(service);
  if (kind === '500') return internal(service);
  const user = 'User: arn:aws:sts::111122223333:assumed-role/sandbox/reporter';
  const action = `${service === 'monitoring' ? 'cloudwatch' : service}:${operation}`; // IAM's prefix is not the signing name there
  const message = `${user} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`;
  if (service === 'sns') return new AwsError('AuthorizationError', message, 403);
  if (service === 's3' || service === 'sts' || service === 'monitoring')
    return new AwsError('AccessDenied', message, 403);
  if (service === 'ec2') return new AwsError('UnauthorizedOperation', message, 403);
  const isRest = service === 'kafka' || service === 'kafkaconnect' || service === 'lambda';
  return new AwsError('AccessDeniedException', message, isRest ? 403 : 400);
}

function throttled(service: string | undefined): AwsError {
  if (service === 'kafka' || service === 'kafkaconnect' || service === 'lambda')
    return new AwsError('TooManyRequestsException', 'Too Many Requests', 429);
  if (service === 'servicequotas') return new AwsError('TooManyRequestsException', 'Rate exceeded', 400);
  if (service === 'ec2') return new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503);
  if (service === 's3') return new AwsError('SlowDown', 'Please reduce your request rate.', 503);
  if (service === 'sqs') return new AwsError('RequestThrottled', 'Request throttled.', 403);
  return new AwsError('Throttling', 'Rate exceeded', 400);
}

function internal(service: string | undefined): AwsError {
  if (service === 'kafka' || service === 'kafkaconnect')
    return new AwsError('InternalServerErrorException', 'Internal Server Error', 500);
  if (service === 'lambda') return new AwsError('ServiceException', 'Internal Server Error', 500);
  if (service === 'monitoring') return new AwsError('InternalServiceFault', 'Request processing has failed.', 500);
  if (service === 's3')
    return new AwsError('InternalError', 'We encountered an internal error. Please try again.', 500);
  return new AwsError('InternalFailure', 'Request processing has failed.', 500);
}
