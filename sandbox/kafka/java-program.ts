import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir } from '../paths.ts';
import { type KafkaArtifacts, MissingPrerequisite } from './artifacts.ts';
import { beginEntry, finishEntry } from './cache-entry.ts';

const COMPILER_MISSING = 'javac is missing. Install it with: sudo apt-get install -y openjdk-17-jdk-headless';

/**
 * A jar of one Java source file of this folder, compiled against the jars of that Kafka version; from the cache when the source and
 * the jars are the same. It goes to the END of a class path: a class archive stays valid when the path it was made with is its start.
 */
export async function compiledJar(artifacts: KafkaArtifacts, source: string): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(source)).update(artifacts.fingerprint).digest('hex');
  const name = basename(source, '.java');
  const jar = join(cacheDir, `java-${name}-${artifacts.version}-${hash.slice(0, 12)}.jar`);
  if (existsSync(jar)) return jar;
  const folder = beginEntry(jar);
  const classes = join(folder, 'classes');
  mkdirSync(classes, { recursive: true });
  const target = ['--release', '17', '-proc:none', '-nowarn'];
  await runJdk(artifacts, 'javac', [...target, '-cp', artifacts.classPath, '-d', classes, source]);
  await runJdk(artifacts, 'jar', ['--create', '--file', join(folder, 'program.jar'), '-C', classes, '.']);
  finishEntry(join(folder, 'program.jar'), jar);
  rmSync(folder, { recursive: true, force: true });
  return jar;
}

async function runJdk({ java }: KafkaArtifacts, program: 'javac' | 'jar', args: string[]): Promise<void> {
  const beside = join(dirname(java.command), program);
  try {
    await promisify(execFile)(java.command.includes('/') ? beside : program, args);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new MissingPrerequisite(COMPILER_MISSING, { cause: error });
    throw error;
  }
}
