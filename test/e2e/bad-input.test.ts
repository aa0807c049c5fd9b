// Everything that can be wrong with what the command line is given, on real Kafka and the emulated AWS, through the built bundle:
// one clear line, the right exit code, nothing half-written, no stack, no secret.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AwsWorld, anAwsWorld } from './aws-world.ts';
import { cliContract } from './cli-contract.ts';
import {
  expectRefusal,
  homeWithExpiredLogin,
  listening,
  MAIN,
  SECRET,
  secureServer,
  smallDisk,
  Workplace,
  webServer,
} from './command-line.ts';
import { cannotRun } from './live.ts';

const EMPTY_POLICY = 'version: 1\n';

describe.skipIf(cannotRun)('the command line', () => {
  const world = anAwsWorld();
  let sandbox: AwsWorld['sandbox'];
  let env: AwsWorld['env'];
  let place: AwsWorld['place'];
  let live: AwsWorld['live'];
  let arn: string;
  let recorded: string;

  beforeAll(async () => {
    const first = new Workplace();
    const cluster = ['--cluster', world().aws.clusterArn];
    const { status, stdout, stderr } = await first.run(
      ['collect', ...cluster, '--samples', '1', '--json'],
      world().env,
    );
    expect(status, stderr).toBe(0);
    recorded = stdout;
    first.remove();
  });
  beforeEach(() => {
    ({ sandbox, env, place, live } = world());
    arn = sandbox.aws!.clusterArn;
  });

  const refused = async (exitCode: number, line: RegExp, args: readonly string[], env = {}): Promise<void> => {
    const before = place.files();
    const outcome = await place.run(args, env);
    expectRefusal(outcome, exitCode, line);
    expect(place.files()).toEqual(before);
  };
  const replay = (...more: string[]) => ['report', '--snapshot', place.file('good.json', recorded), ...more];

  describe('given something wrong', () => {
    test.each<[string, string[], RegExp]>([
      ['no source', ['report'], /no source is named; name exactly one of/],
      ['two sources', ['report', '--snapshot', 'x', '--bootstrap', 'a:1'], /exclude each other; name exactly one of/],
      ['no ARN', ['report', '--cluster', 'orders'], /"orders" is not an ARN; expected arn:aws:kafka/],
      ['an ARN of SNS', ['report', '--cluster', 'arn:aws:sns:us-east-1:111122223333:x'], /is not of Amazon MSK/],
      ['a snapshot that is not there', ['report', '--snapshot', 'absent.json'], /absent\.json: no such file/],
      [
        'a device as file',
        ['collect', '--bootstrap', 'a:1', '--record', '/dev/null'],
        /a device or a pipe, not a file/,
      ],
    ])('%s ends with 2', async (_, args, line) => {
      await refused(2, line, args);
    });

    test('an ARN of another Region than the one named ends with 2, one of another account with 3', async () => {
      await refused(2, /is of region us-east-1, not eu-west-1/, live('--region', 'eu-west-1'), env);
      const other = arn.replace('111122223333', '999988887777');
      await refused(
        3,
        /belong to account 111122223333, the cluster to 999988887777/,
        ['report', '--cluster', other],
        env,
      );
      const elsewhere = arn.replace('us-east-1', 'eu-west-1');
      await refused(3, /may read nothing of .*eu-west-1/, ['report', '--cluster', elsewhere], env);
    });

    test.each<[string, (text: string) => string, RegExp]>([
      ['truncated', (text) => text.slice(0, text.length / 2), /no complete JSON document/],
      [
        'of a newer version',
        (text) => JSON.stringify({ ...JSON.parse(text), schemaVersion: 2 }),
        /use a newer msk-checkup/,
      ],
      ['with an unknown topic', withGhost, /unknown topic "ghost"/],
    ])('a snapshot that is %s ends with 2', async (_, spoil, line) => {
      await refused(2, line, ['report', '--snapshot', place.file('bad.json', spoil(recorded))]);
    });

    test.each([
      ['with an unknown key', 'gaol: latency\n', /policy\.yaml:2:1: unknown key `gaol`; allowed: /],
      [
        'with warn beyond fail',
        'checks: { cpu-high: { mediumPercent: 90, highPercent: 10 } }\n',
        /policy\.yaml:2:.* must be below/,
      ],
    ])('a policy %s ends with 2, before anything is read', async (_, text, line) => {
      const policy = place.file('policy.yaml', EMPTY_POLICY + text);
      sandbox.aws!.requests.length = 0;
      await refused(2, line, live('--policy', policy), env);
      expect(sandbox.aws!.requests).toEqual([]);
    });
  });

  describe('without a way in', () => {
    test('no credentials end with 3, and an expired login names the command that renews it', async () => {
      const { AWS_ENDPOINT_URL } = env as { AWS_ENDPOINT_URL: string };
      await refused(3, /No AWS credentials were found/, live(), { AWS_ENDPOINT_URL });
      const HOME = homeWithExpiredLogin(place.folder);
      const expired = /expired; run: aws sso login --profile ops$/;
      await refused(3, expired, live('--profile', 'ops'), { AWS_ENDPOINT_URL, HOME });
      await refused(3, expired, live(), { AWS_ENDPOINT_URL, HOME, AWS_PROFILE: 'ops' });
      await refused(3, /profile nosuch gives no credentials/, live('--profile', 'nosuch'), { AWS_ENDPOINT_URL, HOME });
    });

    test('a port that refuses, one that speaks HTTP, a name that is none: 3', async () => {
      const web = await listening(webServer());
      await refused(3, /127\.0\.0\.1:1: connection refused/, ['report', '--bootstrap', '127.0.0.1:1']);
      await refused(3, /does not speak Kafka.*MSK listens on 9092/, ['report', '--bootstrap', web.address]);
      await refused(3, /does not resolve/, ['report', '--bootstrap', 'broker.invalid:9092']);
      web.close();
    });

    test('TLS where plaintext is expected, and plaintext where TLS is: 3', async () => {
      const secure = await listening(secureServer(place.folder));
      const plain = sandbox.cluster.bootstrap;
      await refused(3, /does not speak TLS. use --auth none/, ['report', '--bootstrap', plain, '--auth', 'tls']);
      await refused(3, /TLS/, ['report', '--bootstrap', secure.address]);
      await refused(3, /certificate/, ['report', '--bootstrap', secure.address, '--auth', 'tls']);
      secure.close();
    });

    test('a password where none is asked for ends with 3 and is not told', async () => {
      const env = { MSK_CHECKUP_KAFKA_USERNAME: 'reader', MSK_CHECKUP_KAFKA_PASSWORD: SECRET };
      const args = ['report', '--bootstrap', sandbox.cluster.bootstrap, '--auth', 'scram', '--no-tls'];
      await refused(3, /takes no SASL authentication/, args, env);
    });

    test('a listener that the cluster does not have leaves the rest of the report', async () => {
      const { status, stderr, stdout } = await place.run(live('--auth', 'iam', '--json'), env);
      expect(status, stderr).toBe(0);
      const { gaps } = JSON.parse(stdout);
      expect(gaps.map((gap: { section: string }) => gap.section)).toContain('kafkaTopics');
      expect(gaps[0].fix).toBe('Use --auth none');
    });
  });

  describe('with nowhere to write', () => {
    test('an output directory that cannot be is known before anything is read: 2', async () => {
      const file = place.file('file', '');
      sandbox.aws!.requests.length = 0;
      await refused(2, /cannot write to .*file.*nothing was written/, live('--out', file), env);
      await refused(2, /cannot write to \/proc\/checkup/, live('--out', '/proc/checkup'), env);
      await refused(2, /cannot write to/, live('--history', file), env);
      expect(sandbox.aws!.requests).toEqual([]);
    });

    test('a full disk ends with 2 and leaves nothing, wherever one of the files was to go', async (context) => {
      const disk = smallDisk(place.folder);
      if (disk === null) return context.skip('a size-limited mount needs root');
      const line = /no space left on the disk; nothing was written$/;
      await refused(2, line, replay('--out', join(disk.path, 'out')));
      await refused(2, line, replay('--out', 'out', '--record', join(disk.path, 'snapshot.json')));
      expect(existsSync(join(place.folder, 'out'))).toBe(false);
      disk.unmount();
    });

    test('a result that cannot be written is one line, not a stack', async () => {
      const result = await place.shell(`$CLI ${replay('--json').join(' ')} > /dev/full`);
      expectRefusal(result, 2, /cannot write the result: .*no space left/);
    });

    test('a reader who leaves is no failure, and the findings still decide the exit code', async () => {
      const line = (command: string) => `{ $CLI ${command}; echo "exit $?" >&2; } | head -1`;
      const listed = await place.shell(line('checks'));
      expect(listed).toMatchObject({ stderr: 'exit 0\n', stdout: expect.stringMatching(/^\S+ .*\n$/) });
      const report = await place.shell(line(`${replay('--json').join(' ')} --fail-on low`));
      expect(report).toMatchObject({ stderr: 'exit 1\n', stdout: '{\n' });
    });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s midway ends with 130 and leaves nothing', async (signal) => {
    sandbox.aws!.injectFault({ service: 'monitoring', operation: '*', kind: 'slow', delayMs: 20_000 });
    sandbox.aws!.requests.length = 0;
    const child = place.start(process.execPath, [MAIN, ...live('--out', 'out')], env);
    const ended = place.ended(child);
    await expect.poll(() => sandbox.aws!.requests.at(-1)?.service, { timeout: 20_000 }).toBe('monitoring');
    const killedMs = Date.now();
    child.kill(signal);
    expectRefusal(await ended, 130, /interrupted; nothing half-written is left/);
    expect(Date.now() - killedMs).toBeLessThan(3_000);
    expect(place.files()).toEqual([]);
  });

  cliContract(() => ({ ...world(), replay }));
});

function withGhost(text: string): string {
  const snapshot = JSON.parse(text);
  snapshot.sections.kafkaOffsets.value.topics.ghost = [];
  return JSON.stringify(snapshot);
}
