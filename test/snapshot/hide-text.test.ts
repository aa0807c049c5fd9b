import { describe, expect, test } from 'vitest';
import { hideInSentence, hideKey } from '../../lib/snapshot/hide-text.ts';
import { redactSnapshot } from '../../lib/snapshot/redact.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';

const ACCOUNT = '111122223333';
const hide = (text: string) => hideInSentence(text, ACCOUNT);

describe('a sentence', () => {
  test.each([
    ['broker 2 (b-2.x.kafka.eu-west-1.amazonaws.com:9098: refused)', 'broker 2 (redacted:9098: refused)'],
    ['getaddrinfo ENOTFOUND b-2.x.kafka.eu-west-1.amazonaws.com', 'getaddrinfo ENOTFOUND redacted'],
    ['kafka1:9092 and [2001:db8::1]:9092', 'redacted:9092 and redacted:9092'],
    ['at 10.0.0.1, 10.0.0.2.', 'at redacted, redacted.'],
    ['at 2001:db8:85a3::8a2e:370:7334 or ::1', 'at redacted or redacted'],
    ['on ip-10-0-0-1.ec2.internal or ip-10-0-0-2', 'on redacted or redacted'],
    ['subnet-0123456789abcdef0 and sg-01234567', 'subnet-redacted and sg-redacted'],
    [
      'Allow kafka:ListNodes on arn:aws:kafka:us-east-1:111122223333:cluster/orders/0f0e7c1a-7e4a for the caller',
      'Allow kafka:ListNodes on arn:aws:kafka:us-east-1:000000000000:cluster/orders/0f0e7c1a-7e4a for the caller',
    ],
    [
      'role arn:aws-cn:iam::444455556666:role/x in account 111122223333',
      'role arn:aws-cn:iam::000000000000:role/x in account 000000000000',
    ],
    [
      'arn:aws:kms:eu-west-1:111122223333:key/mrk-0123456789abcdef0123456789abcdef',
      'arn:aws:kms:eu-west-1:000000000000:key/redacted',
    ],
  ])('%s', (text, hidden) => {
    expect(hide(text)).toBe(hidden);
    expect(hide(hidden)).toBe(hidden);
  });

  test.each([
    'Kafka 3.9.1 of kafka:ListNodes in us-east-1: AWS failed to answer (InternalServerErrorException)',
    'open port 9098 for the security group; 4 series not read (Forbidden)',
    'topic orders.v1.eu at offset 111122223334',
    'aws account get-region-opt-status --region-name us-east-1',
    'at 10:37:42, class org.apache.kafka::Foo',
  ])('stays as it is: %s', (text) => {
    expect(hide(text)).toBe(text);
  });

  test('keeps accounts where they are wanted', () => {
    expect(hideInSentence('arn:aws:iam::111122223333:role/x at 10.0.0.1', null)).toBe(
      'arn:aws:iam::111122223333:role/x at redacted',
    );
  });
});

test.each([
  ['arn:aws:kms:eu-west-1:111122223333:key/abc', 'arn:aws:kms:eu-west-1:111122223333:key/redacted'],
  ['arn:aws:kms:eu-west-1:111122223333:alias/our-key', 'arn:aws:kms:eu-west-1:111122223333:alias/redacted'],
  ['arn:aws:kms:eu-west-1:111122223333:alias/aws/kafka', 'arn:aws:kms:eu-west-1:111122223333:alias/aws/kafka'],
  ['abc', 'redacted'],
])('the key %s loses its id', (arn, hidden) => {
  expect(hideKey(arn)).toBe(hidden);
  expect(hideKey(hidden)).toBe(hidden);
});

test('clients that name themselves by their machine stay apart, and lose the machine', () => {
  const snapshot = aSnapshot()
    .withTopic('orders')
    .withGroup('billing', { commits: { orders: [1] }, members: 3 })
    .build();
  const groups = snapshot.sections.kafkaGroups;
  if (!groups?.ok) throw new Error('no groups');
  const members = groups.value[0]!.members!;
  const names = ['app-10.1.1.1', 'app-10.1.1.2', 'connect-ip-10-1-1-3.ec2.internal:8083'];
  for (const [i, member] of members.entries()) {
    Object.assign(member, {
      host: `/10.1.1.${i + 1}`,
      clientId: names[i],
      memberId: `${names[i]}-uuid`,
      instanceId: names[i],
    });
  }
  const redacted = redactSnapshot(snapshot);
  const hidden = redacted.sections.kafkaGroups?.ok ? redacted.sections.kafkaGroups.value[0]!.members! : [];
  expect(hidden.map(({ host, clientId, memberId }) => [host, clientId, memberId])).toEqual([
    ['host-1', 'app-host-1', 'app-host-1-uuid'],
    ['host-2', 'app-host-2', 'app-host-2-uuid'],
    ['host-3', 'host-4:8083', 'host-4:8083-uuid'],
  ]);
  expect(redactSnapshot(redacted)).toEqual(redacted);
});
