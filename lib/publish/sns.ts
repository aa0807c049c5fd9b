// Messages to a topic. What they say is rendered elsewhere; here are only the limits SNS has.
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';

export interface TopicMessage {
  subject: string;
  /** Body, or with `perProtocol` the JSON object of bodies that holds at least `default`. */
  body: string;
  perProtocol: boolean;
  /** Subscribers filter on these; an empty value is left out, SNS refuses it. */
  attributes: Readonly<Record<string, string>>;
}

/** @returns the message id. @throws the SDK's error: the caller's caller retries. */
export async function publishToTopic(client: SNSClient, topicArn: string, message: TopicMessage): Promise<string> {
  const attributes = Object.entries(message.attributes).filter(([, value]) => value !== '');
  const answer = await client.send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: subjectLine(message.subject),
      Message: message.body,
      ...(message.perProtocol ? { MessageStructure: 'json' } : {}),
      MessageAttributes: Object.fromEntries(
        attributes.map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
    }),
  );
  return answer.MessageId ?? '';
}

/** Printable ASCII below 100 characters: a longer subject, or one with a line break, fails the whole publish. */
export function subjectLine(subject: string): string {
  const printable = subject.replace(/[^\x20-\x7e]+/g, ' ').trim();
  return printable.length <= 99 ? printable : `${printable.slice(0, 96)}...`;
}
