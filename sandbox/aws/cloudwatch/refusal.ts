import { AwsError } from '../http.ts';

/** What CloudWatch refuses in a request. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
