import { describe, expect, test } from 'vitest';
import { BadEventError, parseReportEvent } from '../../functions/report-event.ts';
import { CLUSTER_ARN } from '../builders/a-snapshot.ts';

const UUID = '0b6cf2a1-5a3c-4d55-9a4d-0123456789ab';
const parse = (event: unknown) => parseReportEvent(event, () => UUID);

describe('the event', () => {
  test('of the schedule names the run by its minute, samples fully and sends the message', () => {
    expect(parse({ clusterArn: CLUSTER_ARN, scheduledTime: '2026-11-20T06:15:00Z' })).toMatchObject({
      runId: '20261120T0615Z',
      scheduled: true,
      onDemand: false,
      sampling: 'full',
      notify: true,
      scheduledMs: Date.UTC(2026, 10, 20, 6, 15),
    });
  });

  test('of a person is a manual run, quick, and mails nobody unless asked to', () => {
    expect(parse({ clusterArn: CLUSTER_ARN })).toMatchObject({
      runId: `manual-${UUID}`,
      scheduled: false,
      onDemand: true,
      sampling: 'quick',
      notify: false,
    });
    expect(parse({ clusterArn: CLUSTER_ARN, notify: true }).notify).toBe(true);
  });

  test.each([
    [
      'an unknown key',
      { clusterArn: CLUSTER_ARN, bucket: 'mine' },
      /^unknown key "bucket"; allowed: clusterArn, runId/,
    ],
    ['a role to assume', { clusterArn: CLUSTER_ARN, roleArn: 'arn:aws:iam::1:role/x' }, /^unknown key "roleArn"/],
    ['no cluster', {}, /^clusterArn: /],
    ['another service', { clusterArn: 'arn:aws:sns:eu-west-1:111122223333:topic' }, /not of Amazon MSK/],
    [
      'a run id that climbs',
      { clusterArn: CLUSTER_ARN, runId: '../../latest' },
      /^runId: expected yyyymmddThhmmZ or manual-<uuid>/,
    ],
    [
      'a run id of another time',
      { clusterArn: CLUSTER_ARN, runId: '20261120T0000Z', scheduledTime: '2026-11-20T06:15:00Z' },
      /does not belong/,
    ],
    [
      'a time that is none',
      { clusterArn: CLUSTER_ARN, scheduledTime: 'yesterday' },
      /^scheduledTime: expected an ISO time/,
    ],
    ['an unknown goal', { clusterArn: CLUSTER_ARN, goal: 'speed' }, /^goal: allowed: balanced, latency/],
    ['no object', 'report please', /^event: /],
    ['null', null, /^event: /],
  ])('is refused in one line for %s', (_, event, message) => {
    expect(() => parse(event)).toThrow(BadEventError);
    expect(() => parse(event)).toThrow(message);
  });
});
