import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { failureOf } from '../../lib/cli/errors.ts';
import { CollectError } from '../../lib/collect/aws-errors.ts';
import { saveSnapshot } from '../../lib/snapshot/save.ts';
import { aSnapshot, CLUSTER_ARN } from '../builders/a-snapshot.ts';
import { cli, startCli } from './cli.ts';

let root: string;
let good: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'msk-checkup-cli-'));
  good = file('good.json', saveSnapshot(aSnapshot().withTopic('orders').build()));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

function file(name: string, text: string): string {
  writeFileSync(join(root, name), text);
  return join(root, name);
}

/** Wrong usage: exit 2, one line, no stack, nothing on the result's stream, nothing written. */
async function refused(message: string | RegExp, ...argv: string[]): Promise<void> {
  const before = readdirSync(root);
  const { exitCode, out, err } = await cli(...argv);
  expect(err).toMatch(/^msk-checkup: [^\n]+\n$/);
  expect(err).toMatch(message);
  expect(err).not.toMatch(/\n\s+at |Error:/);
  expect(exitCode).toBe(2);
  expect(out).toBe('');
  expect(readdirSync(root)).toEqual(before);
}

describe('wrong usage ends with 2 and one line', () => {
  test.each([
    ['no source', ['report'], /name exactly one of --cluster \| --bootstrap \| --snapshot/],
    ['two sources', ['report', '--cluster', CLUSTER_ARN, '--bootstrap', 'a:1'], /exclude each other/],
    ['no ARN', ['report', '--cluster', 'orders'], /"orders" is not an ARN; expected arn:aws:kafka/],
    ['an ARN of another service', ['report', '--cluster', 'arn:aws:sqs:eu-west-1:111122223333:x'], /not of Amazon MSK/],
    [
      'an ARN of another Region',
      ['report', '--cluster', CLUSTER_ARN, '--region', 'us-east-1'],
      /is of region eu-west-1, not us-east-1/,
    ],
    ['no port', ['report', '--bootstrap', 'broker-1'], /host:port/],
    ['a port that cannot be', ['report', '--bootstrap', 'broker-1:99999'], /host:port/],
    [
      'a way of authentication MSK lacks',
      ['report', '--cluster', CLUSTER_ARN, '--auth', 'plain'],
      /no MSK listener takes/,
    ],
    ['an unknown format', ['report', '--bootstrap', 'a:1', '--format', 'pdf'], /Allowed: html, email, json, terminal/],
    ['history in S3', ['report', '--bootstrap', 'a:1', '--history', 's3://b/p'], /not supported here yet/],
    ['a time that is none', ['report', '--bootstrap', 'a:1', '--now', 'noon'], /ISO time in UTC/],
    ['too many samples', ['report', '--bootstrap', 'a:1', '--samples', '0'], /whole number from 1 to 20/],
    ['an unknown option', ['report', '--snapshott', 'x'], /unknown option '--snapshott'.*Did you mean --snapshot/],
    ['an unknown command', ['reprot'], /unknown command 'reprot'.*Did you mean report/],
    ['an unknown check', ['explain', 'nope'], /there is no check "nope"/],
    ['a check with two letters swapped', ['explain', 'cpu-hgih'], /did you mean: cpu-high\n/],
    ['a letter that is in most checks', ['explain', 'e'], /no check "e"; run msk-checkup checks/],
    [
      'a secret without a way that proves one',
      ['report', '--bootstrap', 'a:1', '--auth', 'tls', '--auth-secret', 's'],
      /--auth-secret goes with --auth scram, plain or mtls/,
    ],
    [
      'a secret that lies in no Region',
      ['report', '--bootstrap', 'a:1', '--auth', 'scram', '--auth-secret', 'AmazonMSK_reader'],
      /--auth-secret needs --region where it is a name/,
    ],
    [
      'a secret that cannot be one',
      ['report', '--bootstrap', 'a:1', '--auth', 'scram', '--auth-secret', 'a b'],
      /the ARN or the name of a secret/,
    ],
    [
      'public addresses of any Kafka',
      ['report', '--bootstrap', 'a:1', '--public'],
      /--public goes with --cluster only/,
    ],
    ['live options on a replay', ['report', '--snapshot', 'x', '--auth', 'iam'], /--auth has no effect on --snapshot/],
    [
      'reading data on a replay',
      ['report', '--snapshot', 'x', '--read-data'],
      /--read-data has no effect on --snapshot/,
    ],
  ])('%s', async (_, argv, message) => {
    await refused(message, ...argv);
  });

  test('an authority that is none is named', async () => {
    vi.stubEnv('MSK_CHECKUP_KAFKA_CA_FILE', good);
    await refused(
      /good\.json \(MSK_CHECKUP_KAFKA_CA_FILE\) holds no certificate/,
      'report',
      '--bootstrap',
      'a:1',
      '--auth',
      'tls',
    );
  });

  test('a password that is not in the environment is named', async () => {
    vi.stubEnv('MSK_CHECKUP_KAFKA_USERNAME', 'report');
    const { exitCode, err } = await cli('report', '--bootstrap', 'a:1', '--auth', 'scram', '--out', join(root, 'out'));
    expect(err).toMatch(
      /^msk-checkup: --auth scram needs the environment variable MSK_CHECKUP_KAFKA_PASSWORD, or --auth-secret\n$/,
    );
    expect(exitCode).toBe(2);
  });
});

describe('bad files end with 2 and one line', () => {
  test('a snapshot that is not there', async () =>
    refused(/cannot read the snapshot .*: no such file/, 'report', '--snapshot', join(root, 'absent')));

  test('a truncated snapshot', async () => {
    const text = saveSnapshot(aSnapshot().build());
    await refused(
      /no complete JSON document/,
      'report',
      '--snapshot',
      file('cut.json', text.slice(0, text.length / 2)),
    );
  });

  test('a packed snapshot that is truncated', async () => {
    const packed = join(root, 'cut.json.gz');
    writeFileSync(packed, gzipSync(saveSnapshot(aSnapshot().build())).subarray(0, 200));
    await refused(/cut\.json\.gz: its gzip is truncated/, 'report', '--snapshot', packed);
  });

  test('a snapshot of a newer schema', async () => {
    const newer = JSON.stringify({ ...aSnapshot().build(), schemaVersion: 2 });
    await refused(/schema version 2.*use a newer msk-checkup/, 'report', '--snapshot', file('newer.json', newer));
  });

  test('a snapshot that names an unknown topic', async () => {
    const snapshot = aSnapshot().withTopic('orders').build();
    if (snapshot.sections.kafkaOffsets?.ok) snapshot.sections.kafkaOffsets.value.topics.ghost = [];
    await refused(/unknown topic "ghost"/, 'report', '--snapshot', file('ghost.json', saveSnapshot(snapshot)));
  });

  test('a policy with an unknown key', async () => {
    const policy = file('policy.yaml', 'version: 1\ngaol: latency\n');
    await refused(
      /policy\.yaml:2:1: unknown key `gaol`; allowed: version/,
      'report',
      '--snapshot',
      good,
      '--policy',
      policy,
    );
  });

  test('a policy whose warning lies beyond its failure', async () => {
    const policy = file(
      'policy.yaml',
      'version: 1\nchecks:\n  cpu-high:\n    mediumPercent: 90\n    highPercent: 10\n',
    );
    await refused(/must be below/, 'report', '--snapshot', good, '--policy', policy);
  });

  test('an output directory that is a file', async () =>
    refused(/cannot write to .*good\.json/, 'report', '--snapshot', good, '--out', good));

  test('an output directory that cannot be made', async () =>
    refused(/cannot write to \/proc\/msk-checkup/, 'report', '--snapshot', good, '--out', '/proc/msk-checkup'));

  test('a record that is a directory is known before anything is written', async () =>
    refused(/is a directory, not a file/, 'report', '--snapshot', good, '--json', '--record', root));

  test('a history that cannot be written is known before anything is', async () =>
    refused(/cannot write to/, 'report', '--snapshot', good, '--out', join(root, 'out'), '--history', good));
});

describe('nothing collected ends with 3 and one line', () => {
  test('brokers that are not there', async () => {
    const { exitCode, out, err } = await cli(
      'report',
      '--bootstrap',
      '127.0.0.1:1',
      '--samples',
      '1',
      '--out',
      join(root, 'out'),
    );
    expect(exitCode).toBe(3);
    expect(out).toBe('');
    expect(err.split('\n').filter((line) => line.startsWith('msk-checkup:'))).toEqual([
      expect.stringMatching(/Nothing could be read: 127\.0\.0\.1:1: connection refused/),
    ]);
    expect(readdirSync(root)).toEqual(['good.json']);
  });

  test.each([
    ['expired-credentials', 'The AWS credentials have expired; run: aws sso login --profile ops', 3],
    ['not-permitted', 'The caller may read nothing', 3],
    ['bad-arn', 'no ARN', 2],
    ['wrong-region', 'another Region', 2],
  ] as const)('%s', (code, message, exitCode) => {
    expect(failureOf(new CollectError(code, message))).toEqual({ exitCode, line: message });
  });
});

describe('our own bug', () => {
  test('is 70 with an id that is the same for the same bug, and no stack', () => {
    const bug = new Error('x is undefined\nsecond line');
    const failure = failureOf(bug);
    expect(failure.exitCode).toBe(70);
    expect(failure.line).toMatch(/^internal error [0-9a-f]{8}: Error: x is undefined; run again with --debug/);
    expect(failureOf(bug)).toEqual(failure);
  });
});

describe('as a process', () => {
  test('Ctrl-C midway ends with 130 and leaves nothing', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const connected = new Promise((resolve) => server.once('connection', resolve));
    const child = startCli(['report', '--bootstrap', `127.0.0.1:${port}`, '--out', join(root, 'out')]);
    let err = '';
    child.stderr?.on('data', (data) => {
      err += data;
    });
    const closed = new Promise((resolve) => child.once('close', resolve));
    await connected;
    child.kill('SIGINT');
    expect(await closed).toBe(130);
    server.close();
    expect(err).toMatch(/interrupted; nothing half-written is left/);
    expect(err).not.toMatch(/\n\s+at /);
    expect(readdirSync(root)).toEqual(['good.json']);
  });

  test('a pipe that closes early is no failure', async () => {
    const child = startCli(['report', '--snapshot', good, '--json']);
    child.stdout?.once('data', () => child.stdout?.destroy());
    let err = '';
    child.stderr?.on('data', (data) => {
      err += data;
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(err).toBe('');
  });
});
