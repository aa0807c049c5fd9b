// GetBootstrapBrokers on the wire: all fourteen strings under their names, each of them missing, and none at all.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseBootstrap, type MskAuth } from '../../../lib/collect/msk/bootstrap.ts';
import { readBootstrap } from '../../../lib/collect/msk/read-control-plane.ts';
import { allBootstrapBrokers } from '../../../sandbox/aws/msk/kind-answers.ts';
import { type MskFront, readValue, startMskFront, without } from './msk-front.ts';

let front: MskFront;
beforeAll(async () => {
  front = await startMskFront();
});
afterAll(() => front.close());

const KIND = 'standard-kraft';
const FIELDS = Object.keys(allBootstrapBrokers(KIND));
const KEYS = [
  'ipv6',
  'plaintext',
  'publicSaslIam',
  'publicSaslScram',
  'publicTls',
  'saslIam',
  'saslIamIpv6',
  'saslScram',
  'saslScramIpv6',
  'tls',
  'tlsIpv6',
  'vpcConnectivitySaslIam',
  'vpcConnectivitySaslScram',
  'vpcConnectivityTls',
];

async function recordOf(): Promise<Record<string, string>> {
  return (await front.read(KIND, ({ reader, arn, run }) => readBootstrap(reader, arn, run.signal))).value;
}

test('all fourteen strings of the documented answer are kept', async () => {
  front.answer(KIND);
  expect(Object.keys(readValue((await front.collect(KIND)).bootstrap))).toEqual(KEYS);
});

describe('each string may be missing', () => {
  test.each(FIELDS)('%s', async (field) => {
    front.answer(KIND, { GetBootstrapBrokers: without(allBootstrapBrokers(KIND), field) });
    const record = await recordOf();
    expect(Object.keys(record)).toHaveLength(13);
    // No way of authentication hangs on one listener alone.
    for (const auth of ['iam', 'scram', 'mtls', 'tls', 'none'] as const)
      expect(chooseBootstrap(record, auth)).not.toBeNull();
  });
});

// In the VPC before multi-VPC before public, IPv4 before IPv6: each is taken only when all before it are gone.
test.each<[MskAuth, number[]]>([
  ['iam', [9098, 20_098, 14_003, 9198]],
  ['scram', [9096, 20_096, 14_002, 9196]],
  ['mtls', [9094, 20_094, 14_001, 9194]],
  ['tls', [9094, 20_094]],
  ['none', [9092, 20_092]],
])('for %s the listeners are taken in the order %j', async (auth, ports) => {
  front.answer(KIND);
  const record = await recordOf();
  const taken: number[] = [];
  for (;;) {
    const brokers = chooseBootstrap(record, auth);
    if (brokers === null) break;
    expect(brokers).toHaveLength(3);
    taken.push(Number(brokers[0]!.split(':')[1]));
    const key = Object.keys(record).find((each) => record[each] === brokers.join(','))!;
    delete record[key];
  }
  expect(taken).toEqual(ports);
});

test('a serverless cluster has one string, for IAM', async () => {
  front.answer('serverless');
  expect(Object.keys(readValue((await front.collect('serverless')).bootstrap))).toEqual(['saslIam']);
});

test('an answer without any string is a cluster without listeners, not a failure', async () => {
  front.answer(KIND, { GetBootstrapBrokers: {} });
  expect(await recordOf()).toEqual({});
});

test('a listener that AWS may add changes nothing', async () => {
  front.answer(KIND, { GetBootstrapBrokers: { bootstrapBrokerStringTls: 'b:9094', bootstrapBrokerStringQuic: 'q:1' } });
  expect(await recordOf()).toEqual({ tls: 'b:9094' });
});
