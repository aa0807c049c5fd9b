// Values of options: each parser gives the typed value or one line with what is allowed.
import { InvalidArgumentError } from 'commander';

export function oneOf<const T extends string>(allowed: readonly T[]) {
  return (text: string): T => {
    const value = allowed.find((known) => known === text);
    if (value === undefined) throw new InvalidArgumentError(`Allowed: ${allowed.join(', ')}.`);
    return value;
  };
}

export function listOf<const T extends string>(allowed: readonly T[]) {
  const parse = oneOf(allowed);
  return (text: string): T[] => [...new Set(text.split(',').map((part) => parse(part.trim())))];
}

export function wholeNumber(min: number, max: number) {
  return (text: string): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max))
      throw new InvalidArgumentError(`Allowed: a whole number from ${min} to ${max}.`);
    return value;
  };
}

/** `2026-11-20T06:15:00Z` as epoch milliseconds. */
export function instant(text: string): number {
  const value = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(value)) throw new InvalidArgumentError('Allowed: an ISO time in UTC like 2026-11-20T06:15:00Z.');
  return value;
}

export function brokerList(text: string): string[] {
  const brokers = text.split(',').map((broker) => broker.trim());
  for (const broker of brokers) {
    const port = Number(/^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/.exec(broker)?.[1]);
    if (!(port >= 1 && port <= 65_535)) {
      throw new InvalidArgumentError('Allowed: host:port, several separated by commas.');
    }
  }
  return brokers;
}

export function historyDirectory(text: string): string {
  if (/^s3:\/\//i.test(text))
    throw new InvalidArgumentError('History in S3 is not supported here yet. Allowed: a directory.');
  if (text === '') throw new InvalidArgumentError('Allowed: a directory.');
  return text;
}

export function roleArn(text: string): string {
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/.test(text)) {
    throw new InvalidArgumentError('Allowed: the ARN of an IAM role.');
  }
  return text;
}

/** The characters of https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html#API_CreateSecret_RequestSyntax */
export function secretId(text: string): string {
  if (!/^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[\w/+=.@!-]{1,520}$/.test(text)) {
    throw new InvalidArgumentError('Allowed: the ARN or the name of a secret in AWS Secrets Manager.');
  }
  return text;
}

export function region(text: string): string {
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(text)) throw new InvalidArgumentError('Allowed: an AWS Region like eu-west-1.');
  return text;
}
