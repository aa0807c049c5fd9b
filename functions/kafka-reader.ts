// How the report function reads the Kafka side: through the collector, which it hands what the brokers want to see in that one request.
import {
  clientCertificateOf,
  fetchSecret,
  missingSecret,
  passwordOf,
  SECRET_SHAPES,
  SecretError,
} from '../lib/collect/auth-secret.ts';
import { createFunctionInvoker, readThroughCollector } from '../lib/collect/invoke-collector.ts';
import type { KafkaAuth } from '../lib/collect/kafka/kafka-auth.ts';
import { kafkaMissing, type ReadKafka, type ReadKafkaRequest } from '../lib/collect/kafka-stage.ts';
import type { ReporterSettings } from '../lib/settings.ts';
import { type Missing, missing } from '../lib/snapshot/collected.ts';
import { safeText } from '../lib/text/sanitize.ts';

/** A secret that is not there by then leaves time for CloudWatch. */
const SECRET_TIMEOUT_MS = 10_000;

/** @param region of the cluster */
export async function kafkaReader(
  { collectorArn, kafkaSecretArn }: Pick<ReporterSettings, 'collectorArn' | 'kafkaSecretArn'>,
  region: string,
): Promise<ReadKafka> {
  if (collectorArn === null) {
    const fix = 'Deploy the Kafka collector: add `collector:` to msk-checkup.deploy.yaml (docs/deploy.md)';
    return async ({ plan }) => kafkaMissing(plan, missing('not-requested', 'no Kafka collector is deployed', fix));
  }
  const invoker = await createFunctionInvoker({ region: collectorArn.split(':')[3] ?? region });
  return async (request) => {
    const auth = await authFor(request, region, kafkaSecretArn);
    if ('ok' in auth) return kafkaMissing(request.plan, auth);
    return await readThroughCollector(invoker, { functionArn: collectorArn, region, auth })(request);
  };
}

async function authFor(
  { auth, deadlineMs }: ReadKafkaRequest,
  region: string,
  secretArn: string | null,
): Promise<KafkaAuth | Missing> {
  switch (auth) {
    case 'none':
    case 'tls':
      return { kind: auth };
    case 'iam':
      // The collector signs with its own role: no credentials travel.
      return {
        kind: auth,
        region,
        credentials: () => Promise.reject(new Error('the reporter never signs for the brokers')),
      };
    case 'scram':
    case 'mtls': {
      if (secretArn !== null)
        return await authFromSecret(auth, secretArn, secretArn.split(':')[3] ?? region, deadlineMs);
      const fix = `Set collector.auth: ${auth} and collector.secretArn in msk-checkup.deploy.yaml, or enable IAM authentication`;
      return missing('not-enabled', `no secret is deployed for authentication by ${auth}`, fix);
    }
    case null:
      return missing('not-supported', 'the addresses of the brokers tell no way of authentication');
  }
}

/** Read anew each time: a rotated secret is used by the next run, and none stays in memory between runs. */
async function authFromSecret(
  kind: 'scram' | 'mtls',
  secretArn: string,
  region: string,
  deadlineMs: number,
): Promise<KafkaAuth | Missing> {
  const leftMs = Math.max(0, Math.min(deadlineMs - Date.now(), SECRET_TIMEOUT_MS));
  try {
    const text = await fetchSecret({ region }, secretArn, AbortSignal.timeout(leftMs));
    return kind === 'scram' ? { kind, ...passwordOf(text), tls: true } : { kind, ...clientCertificateOf(text) };
  } catch (error) {
    if (error instanceof SecretError) {
      const detail = `the secret ${safeText(secretArn)} holds no credentials for ${kind}`;
      return missing('failed', detail, `Put JSON like ${SECRET_SHAPES[kind]} into it`);
    }
    return deployed(missingSecret(error, region, secretArn));
  }
}

/** What mends it is a line of the deployment file, which makes the policy of the report function. */
function deployed({ reason, detail, fix }: Missing): Missing {
  const file = 'in msk-checkup.deploy.yaml';
  if (reason === 'not-enabled')
    return missing(reason, detail, `Name a secret that is there: collector.secretArn ${file}`);
  if (reason !== 'not-permitted' || fix === undefined) return missing(reason, detail, fix);
  return missing(reason, detail, `${fix}: collector.secretArn and collector.secretKeyArn ${file}`);
}
