// The Kafka collector, inside the cluster's VPC: asks the brokers, answers the reporter. Holds no AWS client: none could reach its API.
import { Logger } from '@aws-lambda-powertools/logger';
import { kafkaAuthOf } from '../lib/collect/collector-auth.ts';
import { type CollectorReply, decodeCollectorRequest, encodeCollectorReply } from '../lib/collect/collector-wire.ts';
import { collectKafka } from '../lib/collect/kafka/collect-kafka.ts';
import { readCollectorSettings } from '../lib/settings.ts';

/**
 * Reads the Kafka sections. Faults of the cluster come back as missing sections.
 * @throws when the event is no request of the reporter; what was wrong is not said, it may hold a password
 */
export async function handler(event: unknown): Promise<CollectorReply> {
  const startedMs = Date.now();
  const settings = readCollectorSettings();
  const logger = new Logger({ serviceName: 'msk-checkup-collector', logLevel: settings.logLevel });
  const request = decodeCollectorRequest(event);
  if (request === null) throw new Error('the event is not a request of the MSK Checkup reporter');
  const sections = await collectKafka(
    {
      brokers: request.brokers,
      auth: kafkaAuthOf(request, async () => settings.credentials),
      plan: request.plan,
      deadlineMs: request.deadlineMs,
    },
    { now: () => Date.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
  );
  const reply = encodeCollectorReply(sections);
  logger.info('collected', {
    auth: request.auth.kind,
    brokers: request.brokers.length,
    missing: Object.entries(sections).flatMap(([name, section]) => (section.ok ? [] : [`${name}: ${section.reason}`])),
    truncated: reply.truncated === true,
    replyBytes: reply.sections.length,
    durationMs: Date.now() - startedMs,
  });
  return reply;
}
