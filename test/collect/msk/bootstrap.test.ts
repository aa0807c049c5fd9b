import { expect, test } from 'vitest';
import { bootstrapRecord, chooseBootstrap, type MskAuth, offeredAuths } from '../../../lib/collect/msk/bootstrap.ts';

const ANSWER = {
  $metadata: {},
  BootstrapBrokerString: 'b-1:9092',
  BootstrapBrokerStringTls: 'b-1:9094,b-2:9094',
  BootstrapBrokerStringSaslIam: 'b-1:9098, b-2:9098,',
  BootstrapBrokerStringPublicSaslIam: 'p-1:9198',
  BootstrapBrokerStringVpcConnectivitySaslScram: 'v-1:14001',
  BootstrapBrokerStringSaslScram: '',
};

test('keeps every string under the suffix of its field, empty ones not', () => {
  expect(Object.keys(bootstrapRecord(ANSWER))).toEqual([
    'plaintext',
    'publicSaslIam',
    'saslIam',
    'tls',
    'vpcConnectivitySaslScram',
  ]);
});

test.each<[MskAuth, string[], string]>([
  ['iam', ['b-1:9098', 'b-2:9098'], 'inside the VPC before public'],
  ['scram', ['v-1:14001'], 'multi-VPC where nothing else is'],
  ['tls', ['b-1:9094', 'b-2:9094'], 'TLS without a certificate'],
  ['mtls', ['b-1:9094', 'b-2:9094'], 'TLS with a certificate shares the listener'],
  ['none', ['b-1:9092'], 'plaintext'],
])('for %s chooses %j: %s', (auth, brokers) => {
  expect(chooseBootstrap(bootstrapRecord(ANSWER), auth)).toEqual(brokers);
});

test('over the internet only public addresses are taken, and only where they are asked for', () => {
  const record = bootstrapRecord(ANSWER);
  expect(chooseBootstrap(record, 'iam', true)).toEqual(['p-1:9198']);
  expect(chooseBootstrap(record, 'mtls', true)).toBeNull();
  expect(offeredAuths(record, null, true)).toEqual(['iam']);
});

test('says which ways of authentication there are', () => {
  const record = bootstrapRecord({ BootstrapBrokerStringTls: 'b-1:9094' });
  expect(chooseBootstrap(record, 'iam')).toBeNull();
  expect(offeredAuths(record)).toEqual(['mtls', 'tls']);
  expect(offeredAuths({})).toEqual([]);
});

// One TLS listener serves both: only the cluster's description tells who is let in.
test.each([
  ['nobody told', null, ['mtls', 'tls']],
  ['it does not say', { tls: null, unauthenticated: null }, ['mtls', 'tls']],
  ['certificates only', { tls: true, unauthenticated: false }, ['mtls']],
  ['no certificates', { tls: false, unauthenticated: true }, ['tls']],
  ['both', { tls: true, unauthenticated: true }, ['mtls', 'tls']],
])('whom the TLS listener lets in, when %s', (_, listener, auths) => {
  const record = bootstrapRecord({ BootstrapBrokerStringTls: 'b-1:9094' });
  expect(offeredAuths(record, listener)).toEqual(auths);
});
