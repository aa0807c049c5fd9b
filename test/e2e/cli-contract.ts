// What a program may rely on: which stream holds what, exit codes, files.
import { describe, expect, test } from 'vitest';
import type { AwsWorld } from './aws-world.ts';
import { complaints, expectNoLeak, expectRefusal } from './command-line.ts';

export interface CliWorld extends AwsWorld {
  /** Arguments that judge the recorded snapshot of the sandbox's cluster; the third one is its file. */
  replay: (...more: string[]) => string[];
}

export function cliContract(world: () => CliWorld): void {
  describe('as its contract says', () => {
    test('any Kafka is read without AWS; stdout is the result, stderr the progress, and only that', async () => {
      const { sandbox, place } = world();
      sandbox.aws!.requests.length = 0;
      const args = ['report', '--bootstrap', sandbox.cluster.bootstrap, '--samples', '1'];
      const { status, stdout, stderr } = await place.run([...args, '--json']);
      expect(status, stderr).toBe(0);
      expect(JSON.parse(stdout).topics.rows.map((row: { topic: string }) => row.topic)).toContain(sandbox.runTopic);
      expect(complaints(stderr)).toEqual([]);
      expectNoLeak({ stdout, stderr });
      expect(place.files()).toEqual([]);
      expect(sandbox.aws!.requests).toEqual([]);
      const toFiles = await place.run([...args, '--out', 'out', '--fail-on', 'low']);
      expect(toFiles.status).toBe(1);
      expect(place.files()).toEqual([
        'out',
        'out/email.txt',
        'out/report.html',
        'out/report.json',
        'out/snapshot.json',
      ]);
    });

    test('a terminal gets colour unless NO_COLOR says otherwise', async (context) => {
      const { place, replay } = world();
      if (process.platform !== 'linux') return context.skip('script(1) takes other options here');
      const command = `$CLI ${replay('--format', 'terminal').join(' ')}`;
      const terminal = (env: Record<string, string>) => place.shell(`script -qec "${command}" /dev/null`, env);
      expect((await terminal({})).stdout).toContain('\u001b[');
      expect((await terminal({ NO_COLOR: '1' })).stdout).not.toContain('\u001b[');
    });

    test('checks are listed and explained, files are validated', async () => {
      const { place, replay } = world();
      const checks = JSON.parse((await place.run(['checks', '--json'])).stdout) as { id: string }[];
      expect(checks.length).toBeGreaterThanOrEqual(15);
      const { stdout } = await place.run(['explain', checks[0]!.id]);
      expect(stdout).toMatch(/^# /);
      expectRefusal(await place.run(['explain', 'nope']), 2, /there is no check "nope"/);
      const snapshot = replay()[2]!;
      expect((await place.run(['validate', snapshot])).stdout).toBe(`${snapshot}: a valid snapshot\n`);
      const policy = place.file('policy.yaml', 'version: 1\n');
      expect((await place.run(['validate', policy])).stdout).toBe(`${policy}: a valid policy\n`);
      const bad = place.file('bad.yaml', 'version: 1\ngaol: cost\n');
      expectRefusal(await place.run(['validate', bad]), 2, /unknown key `gaol`/);
    });
  });
}
