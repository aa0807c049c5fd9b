import { describe, expect, test } from 'vitest';
import { readCliSettings, readCollectorSettings, readReporterSettings } from '../../lib/settings.ts';

const REPORTER = {
  MSK_CHECKUP_BUCKET: 'reports',
  MSK_CHECKUP_REPORT_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:reports',
  AWS_REGION: 'eu-west-1',
};

describe('the environment', () => {
  test('of the command line names the AWS profile in use', () => {
    expect(readCliSettings({ AWS_PROFILE: 'ops' }).profile).toBe('ops');
    expect(readCliSettings({}).profile).toBeNull();
  });

  test('of the reporter has defaults for all that is optional', () => {
    expect(readReporterSettings(REPORTER)).toMatchObject({
      bucket: 'reports',
      collectorArn: null,
      kafkaAuth: null,
      kafkaSecretArn: null,
      policyKey: null,
      scheduleTimeZone: 'UTC',
      logLevel: 'INFO',
    });
  });

  test.each(Object.keys(REPORTER))('names %s when it is missing', (name) => {
    expect(() => readReporterSettings({ ...REPORTER, [name]: ' ' })).toThrow(`environment variable ${name} is not set`);
  });

  test.each([
    ['MSK_CHECKUP_SCHEDULE_TZ', 'Mars/Olympus', /no IANA time zone/],
    ['MSK_CHECKUP_LOG_LEVEL', 'LOUD', /allowed: DEBUG, INFO, WARN, ERROR/],
    ['MSK_CHECKUP_KAFKA_AUTH', 'plain', /allowed: iam, scram, mtls, tls, none/],
  ])('%s=%s is refused with what is allowed', (name, value, message) => {
    expect(() => readReporterSettings({ ...REPORTER, [name]: value })).toThrow(message);
  });

  test('of the reporter says how to come in, and where the secret for it lies', () => {
    const env = { MSK_CHECKUP_KAFKA_AUTH: 'scram', MSK_CHECKUP_KAFKA_SECRET_ARN: 'arn:of:secret' };
    expect(readReporterSettings({ ...REPORTER, ...env })).toMatchObject({
      kafkaAuth: 'scram',
      kafkaSecretArn: 'arn:of:secret',
    });
  });

  test('of the collector holds the credentials of its role', () => {
    const env = {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'key',
      AWS_SESSION_TOKEN: 't',
    };
    expect(readCollectorSettings(env).credentials).toEqual({
      accessKeyId: 'id',
      secretAccessKey: 'key',
      sessionToken: 't',
    });
  });

  test('NO_COLOR turns colour off whatever it holds', () => {
    expect(readCliSettings({ NO_COLOR: '1' }).color).toBe(false);
    expect(readCliSettings({}).color).toBe(true);
  });
});
