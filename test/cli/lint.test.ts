import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cli } from './cli.ts';

const MAIN = fileURLToPath(new URL('../../lib/cli/main.ts', import.meta.url));

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'msk-checkup-lint-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function file(name: string, text: string): string {
  writeFileSync(join(root, name), text);
  return join(root, name);
}

const good = () => file('good.properties', 'acks=all\nbuffer.memory=67108864\n');
const weak = () => file('weak.properties', 'buffer.memory=67108864\nacks=1\n');

describe('lint', () => {
  test('the result is on stdout, what was taken for what on stderr', async () => {
    const path = weak();
    const { exitCode, out, err } = await cli('lint', path);
    expect(out).toContain(
      '  2:1 high acks-weak\n        acks=1; it also switches idempotence off\n        right: acks=all\n',
    );
    expect(out).toMatch(/\n1 file, 1 high \(production, goal balanced\)\n$/);
    expect(err).toBe(
      `${path}: taken for a producer with the Java client (2 of 2 keys known, \`buffer.memory\` of it alone)\n`,
    );
    expect(exitCode).toBe(0);
  });

  test('a good file has nothing to say', async () => {
    expect((await cli('lint', good())).out).toMatch(/nothing to say\n\n1 file, no findings/);
  });

  test.each([
    ['critical', 0],
    ['high', 1],
    ['medium', 1],
    ['low', 1],
    ['never', 0],
  ])('--fail-on %s of a high finding: %i', async (failOn, exitCode) => {
    expect((await cli('lint', weak(), '--fail-on', failOn)).exitCode).toBe(exitCode);
  });

  test('a good file passes the strictest gate', async () => {
    expect((await cli('lint', good(), '--fail-on', 'low')).exitCode).toBe(0);
  });

  test('the environment decides how bad it is', async () => {
    const { exitCode } = await cli('lint', weak(), '--environment', 'development', '--fail-on', 'low');
    expect(exitCode).toBe(0);
  });

  test('JSON has the files, their findings and the counts', async () => {
    const { out } = await cli('lint', weak(), good(), '--json');
    const result = JSON.parse(out);
    expect(result).toMatchObject({
      tool: { name: 'msk-checkup' },
      environment: 'production',
      goal: 'balanced',
      counts: { high: 1, low: 0 },
    });
    expect(
      result.files.map(({ kind, library, findings }: { kind: string; library: string; findings: unknown[] }) => [
        kind,
        library,
        findings.length,
      ]),
    ).toEqual([
      ['producer', 'java', 1],
      ['producer', 'java', 0],
    ]);
    expect(result.files[0].findings[0]).toMatchObject({
      ruleId: 'acks-weak',
      severity: 'high',
      line: 2,
      column: 1,
      key: 'acks',
      right: 'acks=all',
    });
    expect((await cli('lint', weak(), '--format', 'json')).out).toContain('"ruleId": "acks-weak"');
  });

  test('SARIF', async () => {
    const { out } = await cli('lint', weak(), '--format', 'sarif');
    expect(JSON.parse(out)).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [{ ruleId: 'acks-weak', level: 'error' }] }],
    });
  });

  test('the size of the brokers', async () => {
    const server = file('server.properties', 'num.io.threads=16\nunclean.leader.election.enable=false\n');
    expect((await cli('lint', server, '--instance-type', 'kafka.m7g.4xlarge')).out).toContain('nothing to say');
    expect((await cli('lint', server, '--instance-type', 'express.m7g.large')).out).toContain('express-read-only');
    expect((await cli('lint', server, '--instance-type', 'serverless')).out).toContain(
      'MSK Serverless has no configuration of brokers',
    );
  });

  test('help names the options and what they take', async () => {
    const { exitCode, out } = await cli('lint', '--help');
    expect(exitCode).toBe(0);
    for (const word of [
      '--kind',
      'producer, consumer, topic, broker, client',
      '--library',
      'kafka-python',
      '--format',
      'sarif',
      '--fail-on',
    ])
      expect(out.replace(/\s+/g, ' ')).toContain(word);
  });

  test('standard input', async () => {
    const child = spawn(process.execPath, [MAIN, 'lint', '--kind', 'producer', '-'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.end('acks=1\nbuffer.memory=67108864\n');
    const out = (await child.stdout.toArray()).join('');
    expect(out).toMatch(/^-: a producer with the Java client/);
    expect(out).toContain('1:1 high acks-weak');
  });
});

describe('wrong usage ends with 2, one line and nothing on stdout', () => {
  test.each([
    ['no file', () => ['lint'], /missing required argument 'file'/],
    ['a file that is not there', () => ['lint', join(root, 'absent')], /cannot read the file .*absent: no such file/],
    ['a directory', () => ['lint', root], /it is a directory/],
    ['an unknown format', () => ['lint', good(), '--format', 'xml'], /Allowed: text, json, sarif/],
    [
      'an unknown kind',
      () => ['lint', good(), '--kind', 'streams'],
      /Allowed: producer, consumer, topic, broker, client/,
    ],
    [
      'an unknown library',
      () => ['lint', good(), '--library', 'franz-go'],
      /Allowed: java, librdkafka, sarama, kafkajs, kafka-python/,
    ],
    [
      'an unknown size',
      () => ['lint', good(), '--instance-type', 'kafka.m9g.large'],
      /Allowed: standard, express, serverless, or a broker size/,
    ],
    ['a version that is none', () => ['lint', good(), '--client-version', 'latest'], /Allowed: a version like 3\.9\.1/],
    ['a file twice', () => ['lint', good(), good()], /is named twice/],
    [
      'broken JSON beside a good file',
      () => ['lint', good(), file('a.json', '{"sasl.password": hunter2}')],
      /a\.json:1:19: not valid JSON/,
    ],
    [
      'a file that is no configuration',
      () => ['lint', file('a.txt', 'hunter2 is prose')],
      /no setting of a Kafka client, topic or broker that we know/,
    ],
    ['an empty file', () => ['lint', file('a.properties', '')], /holds no settings/],
  ])('%s', async (_, argv, message) => {
    const args = argv();
    const before = readdirSync(root);
    const { exitCode, out, err } = await cli(...args);
    expect(err).toMatch(/^msk-checkup: [^\n]+\n$/);
    expect(err).toMatch(message);
    expect(err).not.toContain('hunter2');
    expect(exitCode).toBe(2);
    expect(out).toBe('');
    expect(readdirSync(root)).toEqual(before);
  });
});
