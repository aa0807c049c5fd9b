import { describe, expect, test } from 'vitest';
import {
  type ControlState,
  type SecurityControl,
  securityControls,
  securityPosture,
} from '../../lib/analysis/security-controls.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import type { SectionValue } from '../../lib/snapshot/schema.ts';
import { aSnapshot, type SnapshotBuilder } from '../builders/a-snapshot.ts';

const absent = missing('not-requested', 'not part of this run');

function read(source: SnapshotBuilder): readonly SecurityControl[] {
  const { security, cluster, configuration, kafkaBrokerConfigs, tags } = source.build().sections;
  if (!security?.ok) throw new Error('no security in this snapshot');
  return securityControls(security.value, {
    cluster: cluster ?? absent,
    configuration: configuration ?? absent,
    kafkaBrokerConfigs: kafkaBrokerConfigs ?? absent,
    tags: tags ?? absent,
  });
}

function stateOf(id: string, source: SnapshotBuilder): ControlState {
  return read(source).find((control) => control.id === id)!.state;
}

const secured = (fields: Partial<SectionValue<'security'>> = {}) => aSnapshot().withSecurity(fields);
const scram = { authentication: { unauthenticated: false, iam: false, scram: true, tls: false } };
const withAcls = (value: string) =>
  secured(scram).withSection('configuration', {
    arn: 'arn:config',
    revision: 1,
    properties: { 'allow.everyone.if.no.acl.found': value },
  });
const withKey = (atRestKeyArn: string | null) =>
  secured({ encryption: { clientBroker: 'TLS', inCluster: true, atRestKeyArn } }).withSection('tags', {
    'cmk-required': 'True',
  });

describe('what a control needs to be met', () => {
  test.each<[string, string, SnapshotBuilder, ControlState]>([
    ['acl-default-open', 'IAM principals have policies of their own', secured(), 'not-applicable'],
    ['acl-default-open', 'closed by the configuration', withAcls('false'), 'met'],
    ['acl-default-open', 'left open by the configuration', withAcls('true'), 'unmet'],
    ['acl-default-open', 'MSK opens it where the configuration is silent', secured(scram), 'unmet'],
    [
      'acl-default-open',
      'the configuration was not read',
      secured(scram).without('configuration', 'not-permitted'),
      'unknown',
    ],
    [
      'acl-default-open',
      'whether SCRAM is on was not told',
      secured({ authentication: { unauthenticated: false, iam: true, scram: null, tls: false } }),
      'unknown',
    ],
    [
      'acl-default-open',
      'mutual TLS is on, whatever SCRAM is',
      secured({ authentication: { unauthenticated: false, iam: true, scram: null, tls: true } }),
      'unmet',
    ],
    ['broker-logs-off', 'one destination is enough', secured(), 'met'],
    [
      'broker-logs-off',
      'none is on',
      secured({ brokerLogs: { cloudWatch: false, firehose: false, s3: false } }),
      'unmet',
    ],
    [
      'broker-logs-off',
      'one was not told',
      secured({ brokerLogs: { cloudWatch: false, firehose: null, s3: false } }),
      'unknown',
    ],
    ['key-aws-managed', 'no tag asks for it', secured(), 'not-applicable'],
    ['key-aws-managed', 'the tags were not read', secured().without('tags', 'not-permitted'), 'unknown'],
    ['key-aws-managed', "AWS's own key", withKey('arn:aws:kms:eu-west-1:111122223333:alias/aws/kafka'), 'unmet'],
    ['key-aws-managed', "the owner's alias", withKey('arn:aws:kms:eu-west-1:111122223333:alias/kafka'), 'met'],
    [
      'key-aws-managed',
      'the id of a key does not tell whose it is',
      withKey('arn:aws:kms:eu-west-1:111122223333:key/1'),
      'untold',
    ],
    ['key-aws-managed', 'no key was named', withKey(null), 'untold'],
  ])('%s: %s', (id, _why, source, expected) => {
    expect(stateOf(id, source)).toBe(expected);
  });
});

describe('the posture', () => {
  const postureOf = (source: SnapshotBuilder) => securityPosture(read(source));

  test('all that applies is met', () => {
    expect(postureOf(secured())).toMatchObject({ percentMet: 100, unknown: [], worst: null });
  });

  test('one control of 100 is missing among 250 that apply: 60 %', () => {
    const open = { authentication: { unauthenticated: true, iam: true, scram: false, tls: false } };
    expect(postureOf(secured(open))).toMatchObject({ percentMet: 60, worst: 'access-unauthenticated' });
  });

  test('by hand: 100 + 60 + 60 of 280 met, ACLs (30) and logs (30) not', () => {
    const logsOff = { brokerLogs: { cloudWatch: false, firehose: false, s3: false } };
    const { percentMet } = postureOf(secured({ ...scram, ...logsOff }));
    expect(percentMet).toBeCloseTo((100 * 220) / 280, 9);
  });

  test('a control that was not read leaves no share, also where another is not met', () => {
    const { percentMet, unknown } = postureOf(
      secured({ publicAccess: null, brokerLogs: { cloudWatch: false, firehose: false, s3: false } }),
    );
    expect([percentMet, unknown]).toEqual([null, ['cluster-public']]);
  });

  test('what MSK cannot tell is left out', () => {
    expect(postureOf(withKey('arn:aws:kms:eu-west-1:111122223333:key/1')).percentMet).toBe(100);
  });

  test('without any that applies there is no share', () => {
    expect(securityPosture([{ id: 'x', state: 'not-applicable', weight: 10 }]).percentMet).toBeNull();
  });
});

test.each<[SectionValue<'security'>['encryption']['clientBroker'], boolean | null, ControlState]>([
  ['TLS', true, 'met'],
  ['TLS', null, 'unknown'],
  ['TLS', false, 'unmet'],
  ['TLS_PLAINTEXT', true, 'unmet'],
  ['PLAINTEXT', true, 'unmet'],
  ['PLAINTEXT', null, 'unmet'],
  [null, true, 'unknown'],
  [null, false, 'unmet'],
])('clients by %s, brokers among themselves %s: %s', (clientBroker, inCluster, state) => {
  const source = secured({ encryption: { clientBroker, inCluster, atRestKeyArn: null } });
  expect(stateOf('transit-plaintext', source)).toBe(state);
});

test('the worst is the heaviest that is not met, whatever stands before it', () => {
  const control = (id: string, weight: number, state: ControlState): SecurityControl => ({ id, weight, state });
  const posture = securityPosture([
    control('light', 1, 'unmet'),
    control('heavy', 9, 'unmet'),
    control('kept', 90, 'met'),
    control('middle', 5, 'unmet'),
  ]);
  expect(posture.worst).toBe('heavy');
  expect(posture.percentMet).toBeCloseTo(9000 / 105, 9);
});

test.each<[string | null, ControlState]>([
  ['SERVICE_PROVIDED_EIPS', 'unmet'],
  ['DISABLED', 'met'],
  [null, 'unknown'],
  ['SOMETHING_NEW', 'unknown'],
])('public access %s: %s', (publicAccess, state) => {
  expect(stateOf('cluster-public', secured({ publicAccess }))).toBe(state);
});

test('ACLs apply to nobody only where neither way that needs them is on for certain', () => {
  const ways = (scramOn: boolean | null, tls: boolean | null) =>
    stateOf(
      'acl-default-open',
      secured({ authentication: { unauthenticated: false, iam: true, scram: scramOn, tls } }),
    );
  expect([ways(false, false), ways(false, null), ways(null, false), ways(null, null)]).toEqual([
    'not-applicable',
    'unknown',
    'unknown',
    'unknown',
  ]);
  expect([ways(false, true), ways(true, null)]).toEqual(['unmet', 'unmet']);
});
