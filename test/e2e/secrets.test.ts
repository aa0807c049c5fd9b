// Whoever runs the product hands it a password or a key. Nothing that it writes, to the screen or to files, gives that away: not
// when all goes well, not when the brokers refuse it.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ListenerKind } from '../../sandbox/kafka/listeners.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { filesBelow, leaks, pemSpellings, spellingsOf } from '../sandbox/support/secrets.ts';
import { waysInto } from '../sandbox/support/ways-in.ts';
import { cannotRun, KAFKA_VERSIONS, runCli } from './live.ts';

/** With signs that mean something to URLs, shells and base64. */
const PASSWORD = `p+/${randomBytes(12).toString('base64url')}&='%`;

describe.skipIf(cannotRun)('what a run writes', () => {
  let sandbox: Sandbox;
  let folder: string;
  /** Environment of each way in, and what of it nobody may see. */
  const ways = new Map<string, { listener: ListenerKind; env: Record<string, string>; secrets: string[] }>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'msk-checkup-secrets-'));
    const shape = { brokers: 3, users: { reader: PASSWORD }, everyListener: true };
    sandbox = await startSandbox({ kafka: KAFKA_VERSIONS[0]!, profile: 'empty', aws: false, log: () => {}, shape });
    const { mtls, iam } = await waysInto(sandbox.cluster, PASSWORD);
    if (mtls.auth.kind !== 'mtls' || iam.auth.kind !== 'iam') throw new Error('these are other ways');
    const [certFile, keyFile] = [join(folder, 'client.pem'), join(folder, 'client.key')];
    writeFileSync(certFile, mtls.auth.cert);
    writeFileSync(keyFile, mtls.auth.key, { mode: 0o600 });
    const trust = { MSK_CHECKUP_KAFKA_CA_FILE: sandbox.cluster.ca!.certificateFile };
    const user = { MSK_CHECKUP_KAFKA_USERNAME: 'reader', MSK_CHECKUP_KAFKA_PASSWORD: PASSWORD };
    const { accessKeyId, secretAccessKey } = sandbox.cluster.iam!;
    const keys = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: iam.auth.region,
    };
    const files = { MSK_CHECKUP_KAFKA_CERT_FILE: certFile, MSK_CHECKUP_KAFKA_KEY_FILE: keyFile };
    ways.set('scram', { listener: 'scram', env: { ...trust, ...user }, secrets: spellingsOf(PASSWORD) });
    ways.set('plain', { listener: 'sasl', env: user, secrets: spellingsOf(PASSWORD) });
    ways.set('mtls', { listener: 'mtls', env: { ...trust, ...files }, secrets: pemSpellings(mtls.auth.key) });
    // The token is made of the key, and is as good as it for a quarter of an hour.
    ways.set('iam', {
      listener: 'iam',
      env: { ...trust, ...keys },
      secrets: [...spellingsOf(secretAccessKey), 'X-Amz-Signature'],
    });
  });
  afterAll(async () => {
    await sandbox?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['scram', 'plain', 'mtls', 'iam'])('%s: neither report, snapshot nor screen holds the secret', (kind) => {
    const { listener, env, secrets } = ways.get(kind)!;
    const out = join(folder, kind);
    mkdirSync(out);
    const source = ['--bootstrap', sandbox.cluster.bootstrapOf(listener), '--auth', kind, '--region', 'us-east-1'];
    const once = ['--samples', '1', '--debug', ...(kind === 'plain' ? ['--no-tls'] : [])];
    const history = ['--history', join(out, 'history'), '--record', join(out, 'recorded.json')];
    const report = runCli(['report', ...source, ...once, '--out', join(out, 'report'), ...history], env);
    const whole = ['--no-redact', '--record', join(out, 'snapshot.json')];
    const collect = runCli(['collect', ...source, ...once, ...whole], env);
    expect([report.status, collect.status], report.stderr + collect.stderr).toEqual([0, 0]);
    const snapshot = JSON.parse(readFileSync(join(out, 'snapshot.json'), 'utf8')) as {
      sections: Record<string, { ok: boolean }>;
    };
    expect(Object.values(snapshot.sections).filter(({ ok }) => !ok)).toEqual([]);

    const screen = [report, collect].flatMap(({ stdout, stderr }) => [stdout, stderr]);
    const files = filesBelow(out);
    expect(files.size).toBeGreaterThan(4);
    const written = new Map([...files, ...screen.map((text, index) => [`screen ${index}`, text] as const)]);
    expect(leaks(written, secrets)).toEqual([]);
  });

  test.each(['scram', 'plain', 'mtls', 'iam'])('%s: a refusal does not quote what was refused', (kind) => {
    const { listener, env } = ways.get(kind)!;
    // Another password, another account's key, half a PEM file.
    const wrong = { password: `wrong-${randomBytes(9).toString('hex')}`, key: randomBytes(30).toString('hex') };
    const keyFile = join(folder, 'half.key');
    const pem =
      env.MSK_CHECKUP_KAFKA_KEY_FILE === undefined ? '' : readFileSync(env.MSK_CHECKUP_KAFKA_KEY_FILE, 'utf8');
    writeFileSync(keyFile, pem.slice(0, pem.length / 2), { mode: 0o600 });
    const changed = {
      ...env,
      MSK_CHECKUP_KAFKA_PASSWORD: wrong.password,
      AWS_SECRET_ACCESS_KEY: wrong.key,
      MSK_CHECKUP_KAFKA_KEY_FILE: keyFile,
    };
    const source = ['--bootstrap', sandbox.cluster.bootstrapOf(listener), '--auth', kind, '--region', 'us-east-1'];
    const tls = kind === 'plain' ? ['--no-tls'] : [];
    const out = join(folder, `${kind}-refused`);
    mkdirSync(out);
    const { status, stdout, stderr } = runCli(['report', ...source, ...tls, '--debug', '--out', out], {
      ...env,
      ...changed,
    });
    expect(status, stderr).toBe(3);
    const lines = pem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    const secrets = [...spellingsOf(wrong.password), ...spellingsOf(wrong.key), 'X-Amz-Signature', ...lines];
    expect(leaks(new Map([...filesBelow(out), ['stdout', stdout], ['stderr', stderr]]), secrets)).toEqual([]);
  });
});
