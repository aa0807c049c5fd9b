// The built command line in a process of its own, beside the sandbox's AWS side, which lives in the process of the test and must not be blocked.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { expect } from 'vitest';
import { ROOT } from './live.ts';

export const MAIN: string = join(ROOT, 'dist/cli/main.mjs');
/** Stands wherever a test gives a secret: no output may hold it. */
export const SECRET = 'sEcReT-0123456789';

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
  durationMs: number;
}

/** A working directory of its own, an environment of nothing but what is given, and what a command left there. */
export class Workplace {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'msk-checkup-bad-'));

  file(name: string, text: string): string {
    writeFileSync(join(this.folder, name), text);
    return join(this.folder, name);
  }

  files(): string[] {
    return readdirSync(this.folder, { recursive: true, encoding: 'utf8' }).sort();
  }

  start(command: string, args: readonly string[], env: Record<string, string>): ChildProcess {
    return spawn(command, args, {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH ?? '', HOME: 'nonexistent', AWS_EC2_METADATA_DISABLED: 'true', ...env },
    });
  }

  async run(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
    return await this.ended(this.start(process.execPath, [MAIN, ...args], env));
  }

  /** A line of shell in which `$CLI` is the command. */
  async shell(line: string, env: Record<string, string> = {}): Promise<Outcome> {
    return await this.ended(this.start('sh', ['-c', line], { CLI: `${process.execPath} ${MAIN}`, ...env }));
  }

  async ended(child: ChildProcess): Promise<Outcome> {
    const startedMs = Date.now();
    const outcome = { stdout: '', stderr: '' };
    child.stdout?.on('data', (data) => (outcome.stdout += data));
    child.stderr?.on('data', (data) => (outcome.stderr += data));
    const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { status, ...outcome, durationMs: Date.now() - startedMs };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Lines of stderr that are no progress. */
export function complaints(stderr: string): string[] {
  return stderr.split('\n').filter((line) => line !== '' && !/^(Reading |wrote | {2})/.test(line));
}

/** Ended by this code with one clear line: no result, no stack, no secret. */
export function expectRefusal({ status, stdout, stderr }: Outcome, exitCode: number, line: RegExp): void {
  expect(complaints(stderr)).toEqual([expect.stringMatching(/^msk-checkup: /)]);
  expect(complaints(stderr)[0]).toMatch(line);
  expect(complaints(stderr)[0]!.length).toBeLessThan(500);
  expect({ status, stdout }).toEqual({ status: exitCode, stdout: '' });
  expectNoLeak({ stdout, stderr });
}

export function expectNoLeak({ stdout, stderr }: Pick<Outcome, 'stdout' | 'stderr'>): void {
  expect(stderr).not.toMatch(/\n\s+at |\bError:|\[object /);
  expect(stdout + stderr).not.toContain(SECRET);
}

/** A port that answers everything with this text and closes. */
export async function listening(server: Server): Promise<{ address: string; close(): void }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { address: `127.0.0.1:${port}`, close: () => server.close() };
}

export function webServer(): Server {
  return createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n'));
  });
}

/** A TLS listener with a certificate that nobody trusts, made for this run. */
export function secureServer(folder: string): Server {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', [...request, '-subj', '/CN=msk-checkup-test', '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  const server = tls.createServer({ cert: readFileSync(cert), key: readFileSync(key) });
  return server.on('tlsClientError', () => {});
}

/** A home with the SSO profile `ops` whose login has run out. */
export function homeWithExpiredLogin(folder: string): string {
  const home = join(folder, 'home');
  const cache = join(home, '.aws/sso/cache');
  mkdirSync(cache, { recursive: true });
  const session = 'sso_start_url = https://corp.awsapps.com/start\nsso_region = us-east-1\n';
  const profile = 'sso_account_id = 111122223333\nsso_role_name = ReadOnly\nregion = us-east-1\n';
  writeFileSync(
    join(home, '.aws/config'),
    `[profile ops]\nsso_session = corp\n${profile}[sso-session corp]\n${session}sso_registration_scopes = sso:account:access\n`,
  );
  const token = { startUrl: 'https://corp.awsapps.com/start', accessToken: SECRET, expiresAt: '2020-01-01T00:00:00Z' };
  writeFileSync(join(cache, `${createHash('sha1').update('corp').digest('hex')}.json`), JSON.stringify(token));
  return home;
}

/** A directory on a disk of 64 kB; null, loudly, where this user may not mount one. */
export function smallDisk(folder: string): { path: string; unmount(): void } | null {
  const path = join(folder, 'small');
  mkdirSync(path);
  const mounted = process.platform === 'linux' && process.getuid?.() === 0;
  const { status } = mounted ? spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path]) : { status: 1 };
  if (status === 0) return { path, unmount: () => void spawnSync('umount', [path]) };
  if (process.env.CI === 'true') throw new Error('the test of a full disk needs root on Linux: mount -t tmpfs');
  console.warn('the test of a full disk is SKIPPED: it needs root on Linux (mount -t tmpfs)');
  return null;
}
