// Reads the Kafka side through the collector Lambda, for a reporter that has no network path to the brokers.
import { type Missing, missing } from '../snapshot/collected.ts';
import { type AwsAccess, awsClientConfig } from './aws-clients.ts';
import { missingFrom } from './aws-errors.ts';
import { classifyAwsError } from './classify-aws-error.ts';
import { wireAuthOf } from './collector-auth.ts';
import { decodeCollectorReply } from './collector-reply.ts';
import type { CollectorRequest } from './collector-wire.ts';
import type { KafkaAuth } from './kafka/kafka-auth.ts';
import type { KafkaPlan, KafkaSections } from './kafka/plan.ts';
import { kafkaMissing, type ReadKafka } from './kafka-stage.ts';

/** The part of Lambda's Invoke that the product uses. */
export interface FunctionInvoker {
  /** Rejects with the SDK's own error. */
  invoke(
    functionArn: string,
    payload: Uint8Array,
    signal: AbortSignal,
  ): Promise<{ functionError?: string | undefined; payload: Uint8Array }>;
}

/** The collector may take the whole sampling span; the socket has to wait for it. */
const INVOKE_TIMEOUT_MS = 14 * 60_000;
/** Of the collector's time, for its reply on the way; the rest of the run belongs to CloudWatch, which has to be asked after it. */
const REPLY_SHARE = 0.1;

/** An invoker over the real API; the SDK is loaded on first use. One retry, and it has no more time than the first try left: the deadline is absolute. */
export async function createFunctionInvoker(access: AwsAccess): Promise<FunctionInvoker> {
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const client = new LambdaClient({ ...awsClientConfig(access, INVOKE_TIMEOUT_MS), maxAttempts: 2 });
  return {
    async invoke(FunctionName, Payload, abortSignal) {
      const command = new InvokeCommand({ FunctionName, Payload, InvocationType: 'RequestResponse' });
      const answer = await client.send(command, { abortSignal });
      return { functionError: answer.FunctionError, payload: answer.Payload ?? new Uint8Array() };
    },
  };
}

export interface CollectorFunction {
  functionArn: string;
  region: string;
  auth: KafkaAuth;
}

/** A reader of the Kafka side that invokes the collector. Whatever fails, all Kafka sections are missing with the line to fix. */
export function readThroughCollector(invoker: FunctionInvoker, collector: CollectorFunction): ReadKafka {
  return async (request) => {
    const { auth, tls } = wireAuthOf(collector.auth);
    const message: CollectorRequest = {
      brokers: [...request.brokers],
      auth,
      tls,
      plan: { ...request.plan, sections: [...request.plan.sections] },
      deadlineMs: request.deadlineMs,
    };
    const leftMs = Math.max(0, request.deadlineMs - Date.now()) * (1 + REPLY_SHARE);
    const signal = AbortSignal.timeout(Math.min(Math.ceil(leftMs), INVOKE_TIMEOUT_MS));
    try {
      const payload = new TextEncoder().encode(JSON.stringify(message));
      const answer = await invoker.invoke(collector.functionArn, payload, signal);
      return sectionsOf(answer, collector, request.plan);
    } catch (error) {
      return kafkaMissing(request.plan, missingOf(error, collector));
    }
  };
}

function sectionsOf(
  answer: { functionError?: string | undefined; payload: Uint8Array },
  collector: CollectorFunction,
  plan: KafkaPlan,
): KafkaSections {
  if (answer.functionError !== undefined) return kafkaMissing(plan, functionFailure(answer.payload, collector));
  const sections = decodeCollectorReply(answer.payload);
  return (
    sections ??
    kafkaMissing(
      plan,
      missing('failed', 'the collector function gave a reply that is not its own', redeploy(collector)),
    )
  );
}

/** Only the error's type is used: its message may quote the request, and the request may hold a password. */
function functionFailure(payload: Uint8Array, collector: CollectorFunction): Missing {
  const text = Buffer.from(payload).toString('utf8');
  if (/Sandbox\.Timedout|Task timed out/.test(text)) return outOfTime('the collector function ran out of time');
  const type = /"errorType"\s*:\s*"([\w.]{1,100})"/.exec(text)?.[1] ?? 'unknown error';
  return missing('failed', `the collector function failed (${type})`, `Look into the log of ${collector.functionArn}`);
}

function outOfTime(detail: string): Missing {
  const fix = "Let the collector's security group reach the brokers' port, or raise the function's timeout";
  return missing('timed-out', detail, fix);
}

function missingOf(error: unknown, collector: CollectorFunction): Missing {
  const failure = classifyAwsError(error);
  if (failure.kind === 'timed-out') return outOfTime('the collector function did not answer in time');
  if (failure.kind === 'not-found') {
    return missing('not-enabled', `there is no collector function ${collector.functionArn}`, redeploy(collector));
  }
  if (/^(ResourceNotReady|ResourceConflict|ENI.*|EC2.*|Subnet.*)Exception$/.test(failure.name)) {
    return missing(
      'unreachable',
      `the collector function is not ready (${failure.name})`,
      'Run again in a few minutes',
    );
  }
  return missingFrom(failure, {
    action: 'lambda:InvokeFunction',
    resource: collector.functionArn,
    region: collector.region,
  });
}

function redeploy(collector: CollectorFunction): string {
  return `Deploy the Kafka collector of this version (${collector.functionArn})`;
}
