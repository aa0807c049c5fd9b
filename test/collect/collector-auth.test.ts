import { expect, test } from 'vitest';
import { kafkaAuthOf, wireAuthOf } from '../../lib/collect/collector-auth.ts';
import { collectorRequestSchema, decodeCollectorRequest } from '../../lib/collect/collector-wire.ts';
import type { KafkaAuth } from '../../lib/collect/kafka/kafka-auth.ts';

const credentials = async () => ({ accessKeyId: 'id', secretAccessKey: 'never travels' });
const login = { username: 'u', password: 'p' };
const plan = { samples: 1, intervalSec: 1, sections: [], timestamps: 'none' };

const AUTHS: KafkaAuth[] = [
  { kind: 'none' },
  { kind: 'tls' },
  { kind: 'mtls', cert: 'c', key: 'k' },
  { kind: 'iam', region: 'eu-west-1', credentials },
  { kind: 'scram', ...login, tls: true },
  { kind: 'plain', ...login, tls: false },
];
const TRUSTING = AUTHS.flatMap((auth): KafkaAuth[] => (auth.kind === 'none' ? [] : [{ ...auth, ca: 'own' }]));

test.each([...AUTHS, ...TRUSTING])('%o arrives at the collector as it left, without credentials of AWS', (auth) => {
  const event = { brokers: ['b-1:9098'], ...wireAuthOf(auth), plan, deadlineMs: 1 };
  const onTheWire = JSON.stringify(event);
  expect(onTheWire).not.toContain('never travels');
  const request = decodeCollectorRequest(JSON.parse(onTheWire));
  expect(request).not.toBeNull();
  expect(kafkaAuthOf(request!, credentials)).toEqual(auth);
});

test('an authority without TLS is refused, as is any key nobody knows', () => {
  const event = { brokers: ['b-1:9092'], auth: { kind: 'none', ca: 'own' }, tls: false, plan, deadlineMs: 1 };
  expect(decodeCollectorRequest(event)).toBeNull();
  expect(collectorRequestSchema.entries.auth).toBeDefined();
});
