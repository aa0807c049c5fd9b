// The environment, read once and typed. The only reader of process.env.
import { MSK_AUTHS, type MskAuth } from './collect/msk/bootstrap.ts';
import { userCacheDirectory } from './publish/price-cache.ts';

/** A variable that is missing or unusable; the message names it and says what it must hold. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

type Env = Readonly<Record<string, string | undefined>>;

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What the reporter Lambda is told by its deployment. */
export interface ReporterSettings {
  bucket: string;
  reportTopicArn: string;
  opsTopicArn: string | null;
  /** Null: no collector is deployed, the report goes out without Kafka sections and says so. */
  collectorArn: string | null;
  /** How the collector introduces itself to the brokers; null takes the first way that the cluster offers. */
  kafkaAuth: MskAuth | null;
  /** Where the credentials for SCRAM or mutual TLS lie; read in each run, never kept. */
  kafkaSecretArn: string | null;
  /** Whether Cost Explorer is asked in each scheduled run; AWS charges for the question. */
  readBill: boolean;
  /** Key of the user's policy in the bucket. */
  policyKey: string | null;
  /** IANA zone: decides the `dt=` part of keys. */
  scheduleTimeZone: string;
  logLevel: LogLevel;
  region: string;
}

/** What the command line takes from the environment. */
export interface CliSettings {
  region: string | null;
  /** The AWS profile where no option names one. */
  profile: string | null;
  color: boolean;
  /** For what may be deleted at any time; null where there is none. */
  cacheDirectory: string | null;
  kafka: {
    username: string | null;
    password: string | null;
    caFile: string | null;
    certFile: string | null;
    keyFile: string | null;
  };
}

/** Credentials of the execution role as Lambda hands them over; signing with them needs no network. */
export interface RoleCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** @throws SettingsError naming the first variable that is missing or wrong. */
export function readReporterSettings(env: Env = process.env): ReporterSettings {
  return {
    bucket: required(env, 'MSK_CHECKUP_BUCKET', 'the name of the report bucket'),
    reportTopicArn: required(env, 'MSK_CHECKUP_REPORT_TOPIC_ARN', 'the ARN of the report topic'),
    opsTopicArn: optional(env, 'MSK_CHECKUP_OPS_TOPIC_ARN'),
    collectorArn: optional(env, 'MSK_CHECKUP_COLLECTOR_ARN'),
    kafkaAuth: oneOf(env, 'MSK_CHECKUP_KAFKA_AUTH', MSK_AUTHS),
    kafkaSecretArn: optional(env, 'MSK_CHECKUP_KAFKA_SECRET_ARN'),
    readBill: oneOf(env, 'MSK_CHECKUP_READ_BILL', ['true', 'false']) === 'true',
    policyKey: optional(env, 'MSK_CHECKUP_POLICY_KEY'),
    scheduleTimeZone: timeZone(env, 'MSK_CHECKUP_SCHEDULE_TZ'),
    logLevel: logLevel(env),
    region: required(env, 'AWS_REGION', 'the Region the function runs in'),
  };
}

/** The collector needs its role's credentials (MSK IAM) and its Region; nothing else. */
export function readCollectorSettings(env: Env = process.env): {
  region: string;
  credentials: RoleCredentials;
  logLevel: LogLevel;
} {
  const sessionToken = optional(env, 'AWS_SESSION_TOKEN');
  return {
    region: required(env, 'AWS_REGION', 'the Region the function runs in'),
    credentials: {
      accessKeyId: required(env, 'AWS_ACCESS_KEY_ID', 'the credentials of the execution role'),
      secretAccessKey: required(env, 'AWS_SECRET_ACCESS_KEY', 'the credentials of the execution role'),
      ...(sessionToken === null ? {} : { sessionToken }),
    },
    logLevel: logLevel(env),
  };
}

export function readCliSettings(env: Env = process.env): CliSettings {
  return {
    region: optional(env, 'AWS_REGION') ?? optional(env, 'AWS_DEFAULT_REGION'),
    profile: optional(env, 'AWS_PROFILE'),
    color: optional(env, 'NO_COLOR') === null,
    cacheDirectory: userCacheDirectory({
      XDG_CACHE_HOME: env.XDG_CACHE_HOME,
      HOME: env.HOME,
    }),
    kafka: {
      username: optional(env, 'MSK_CHECKUP_KAFKA_USERNAME'),
      password: optional(env, 'MSK_CHECKUP_KAFKA_PASSWORD'),
      caFile: optional(env, 'MSK_CHECKUP_KAFKA_CA_FILE'),
      certFile: optional(env, 'MSK_CHECKUP_KAFKA_CERT_FILE'),
      keyFile: optional(env, 'MSK_CHECKUP_KAFKA_KEY_FILE'),
    },
  };
}

function optional(env: Env, name: string): string | null {
  const value = env[name]?.trim();
  return value === undefined || value === '' ? null : value;
}

function required(env: Env, name: string, holds: string): string {
  const value = optional(env, name);
  if (value === null) throw new SettingsError(`environment variable ${name} is not set; it holds ${holds}`);
  return value;
}

function timeZone(env: Env, name: string): string {
  const value = optional(env, name) ?? 'UTC';
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return value;
  } catch {
    throw new SettingsError(
      `environment variable ${name} is "${value}", which is no IANA time zone (example: Europe/Berlin)`,
    );
  }
}

function logLevel(env: Env): LogLevel {
  return oneOf(env, 'MSK_CHECKUP_LOG_LEVEL', LOG_LEVELS) ?? 'INFO';
}

function oneOf<T extends string>(env: Env, name: string, allowed: readonly T[]): T | null {
  const value = optional(env, name);
  if (value === null) return null;
  const known = allowed.find((each) => each.toLowerCase() === value.toLowerCase());
  if (known === undefined) {
    throw new SettingsError(`environment variable ${name} is "${value}"; allowed: ${allowed.join(', ')}`);
  }
  return known;
}
