// SCRAM and mutual TLS as deployed: both built functions, the secret in the emulator, real brokers that let nobody in without it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSnapshot } from '../../lib/snapshot/load.ts';
import { type Front, startFront } from '../../sandbox/aws/front.ts';
import { sendJson } from '../../sandbox/aws/http.ts';
import { type Deployment, deployCheckup } from '../../sandbox/deployment.ts';
import { readOnlyAcls, setAcls } from '../../sandbox/kafka/acls.ts';
import { freePort } from '../../sandbox/ports.ts';
import { missingPrerequisites } from '../../sandbox/prerequisites.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { kafkaClient } from '../../sandbox/workload/client.ts';
import { filesUnder, leaks, newCanaries } from './canaries.ts';
import { cannotRun, isFull } from './live.ts';

const missing = missingPrerequisites('every listener');
for (const line of missing) console.warn(`SCRAM and mutual TLS as deployed are SKIPPED: ${line}`);
if (missing.length > 0 && process.env.CI === 'true') throw new Error(missing.join('; '));

describe.skipIf(cannotRun || !isFull || missing.length > 0)('credentials from a secret, as deployed', () => {
  const password = newCanaries().value;
  let sandbox: Sandbox;
  let front: Front;
  let secrets: SecretsManagerClient;

  beforeAll(async () => {
    const shape = { brokers: 1, users: { reader: password }, everyListener: true };
    sandbox = await startSandbox({ kafka: '4.3.1', profile: 'empty', aws: true, log: () => {}, shape });
    const admin = kafkaClient(sandbox.cluster.bootstrap, 'test').admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 3 }], waitForLeaders: true });
    await admin.disconnect();
    await setAcls(sandbox.cluster, 'User:reader', readOnlyAcls);
    front = await frontOf(sandbox);
    const { endpoint, region, env } = sandbox.aws!;
    const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID!, secretAccessKey: env.AWS_SECRET_ACCESS_KEY! };
    secrets = new SecretsManagerClient({ endpoint, region, credentials });
  });
  afterAll(async () => {
    secrets?.destroy();
    await front?.close();
    await sandbox?.stop();
  });

  async function makeSecret(name: string, value: object): Promise<string> {
    const SecretString = JSON.stringify(value);
    return (await secrets.send(new CreateSecretCommand({ Name: name, SecretString }))).ARN!;
  }

  async function deploy(auth: 'scram' | 'mtls', secretArn: string): Promise<Deployment> {
    const aws = sandbox.aws!;
    const env = {
      ...aws.env,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${front.port}`,
      MSK_CHECKUP_KAFKA_AUTH: auth,
      MSK_CHECKUP_KAFKA_SECRET_ARN: secretArn,
      // MSK's brokers have public certificates; the sandbox's are of its own authority, which a secret of SCRAM cannot name.
      ...(auth === 'scram' ? { NODE_EXTRA_CA_CERTS: sandbox.cluster.ca!.certificateFile } : {}),
    };
    return await deployCheckup({ ...aws, env });
  }

  async function run(deployment: Deployment) {
    const { clusterArn } = sandbox.aws!;
    const { reply, failed } = await deployment.invokeReport({ clusterArn, notify: true });
    expect(failed, JSON.stringify(reply)).toBe(false);
    const key = reply.reportKey.replace('v1/reports/', 'v1/snapshots/').replace(/report\.[a-z]+$/, 'snapshot.json.gz');
    const loaded = loadSnapshot(gunzipSync((await deployment.object(key)).body).toString('utf8'));
    if (!loaded.ok) throw new Error(loaded.message);
    return { reply, sections: loaded.snapshot.sections };
  }

  /** Everything that a run leaves anywhere: objects, messages, logs of both functions, its answer. */
  async function leftBy(deployment: Deployment, reply: object): Promise<Record<string, Buffer | string>> {
    const keys = await deployment.objectKeys();
    const objects = await Promise.all(
      keys.map(async (key) => [key, Buffer.from((await deployment.object(key)).body)] as const),
    );
    const files = Object.entries(filesUnder(join(sandbox.folder, 'aws')));
    const messages = await deployment.receivedMessages();
    expect(messages).toHaveLength(1);
    return {
      ...Object.fromEntries(objects),
      ...Object.fromEntries(files.filter(([path]) => path.startsWith('lambda-'))),
      messages: JSON.stringify(messages),
      reply: JSON.stringify(reply),
    };
  }

  test('SCRAM: the cluster is read, and the password is nowhere', async () => {
    const arn = await makeSecret('AmazonMSK_reader', { username: 'reader', password });
    const deployment = await deploy('scram', arn);
    const { reply, sections } = await run(deployment);
    expect(reply.degraded).toEqual([]);
    expect(sections.kafkaTopics?.ok && sections.kafkaTopics.value.map(({ name }) => name)).toContain('orders');
    const texts = await leftBy(deployment, reply);
    expect(String(texts['lambda-msk-checkup-collect-kafka.log'])).toContain('"auth":"scram"');
    expect(leaks({ ...newCanaries(), value: password }, texts)).toEqual([]);
  });

  test('a password that the brokers do not take is used by the next run, refused, and told without being quoted', async () => {
    const wrong = newCanaries().value;
    const arn = await makeSecret('AmazonMSK_rotated', { username: 'reader', password });
    const deployment = await deploy('scram', arn);
    await run(deployment);
    await deployment.receivedMessages();
    const SecretString = JSON.stringify({ username: 'reader', password: wrong });
    await secrets.send(new PutSecretValueCommand({ SecretId: arn, SecretString }));
    const { reply, sections } = await run(deployment);
    expect(sections.kafkaTopics).toMatchObject({
      ok: false,
      reason: 'not-permitted',
      detail: expect.stringContaining('SCRAM-SHA-512 was rejected'),
    });
    expect(leaks({ ...newCanaries(), value: wrong }, await leftBy(deployment, reply))).toEqual([]);
  });

  test('mutual TLS: certificate, key and authority come from the secret, and the key is nowhere', async () => {
    const { certificateFile, keyFile, principal } = await sandbox.cluster.ca!.issueClient('deployed');
    await setAcls(sandbox.cluster, principal, readOnlyAcls);
    const [cert, key, ca] = [certificateFile, keyFile, sandbox.cluster.ca!.certificateFile].map((file) =>
      readFileSync(file, 'utf8'),
    );
    const deployment = await deploy('mtls', await makeSecret('reader-certificate', { cert, key, ca }));
    const { reply, sections } = await run(deployment);
    expect(reply.degraded).toEqual([]);
    expect(sections.kafkaTopics?.ok && sections.kafkaTopics.value.map(({ name }) => name)).toContain('orders');
    const lineOfKey = key!.split('\n')[3]!;
    expect(lineOfKey).toMatch(/^[\w+/=]{40,}$/);
    expect(leaks({ ...newCanaries(), value: lineOfKey }, await leftBy(deployment, reply))).toEqual([]);
  });
});

/** The sandbox's AWS side, but the control plane names the listeners that want credentials, and no other. */
async function frontOf({ aws, cluster }: Sandbox): Promise<Front> {
  return await startFront({
    port: await freePort(),
    handlers: {
      kafka: async ({ url, response }) => {
        if (!url.pathname.endsWith('/bootstrap-brokers')) return false;
        const [scram, mtls] = [cluster.bootstrapOf('scram'), cluster.bootstrapOf('mtls')];
        sendJson(response, 200, { bootstrapBrokerStringSaslScram: scram, bootstrapBrokerStringTls: mtls });
        return true;
      },
    },
    emulatorPort: () => Number(new URL(aws!.endpoint).port),
  });
}
