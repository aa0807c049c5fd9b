import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { publishToTopic, subjectLine } from '../../lib/publish/sns.ts';

test('a subject never fails the publish: one line, ASCII, below 100 characters', () => {
  expect(subjectLine('a\r\nBcc: x')).toBe('a Bcc: x');
  expect(subjectLine('é'.repeat(5) + 'x'.repeat(200))).toHaveLength(99);
});

test('attributes without a value are left out, because SNS refuses empty ones', async () => {
  const sns = mockClient(SNSClient);
  sns.on(PublishCommand).resolves({ MessageId: 'm-1' });
  const message = {
    subject: 's',
    body: '{"default":"d"}',
    perProtocol: true,
    attributes: { kind: 'cluster', owner: '' },
  };
  expect(await publishToTopic(new SNSClient({ region: 'eu-west-1' }), 'arn:aws:sns:x', message)).toBe('m-1');
  const input = sns.commandCalls(PublishCommand)[0]?.args[0].input;
  expect(input?.MessageAttributes).toEqual({ kind: { DataType: 'String', StringValue: 'cluster' } });
  expect(input?.MessageStructure).toBe('json');
});
