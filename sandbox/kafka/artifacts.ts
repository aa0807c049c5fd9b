import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir } from '../paths.ts';
import { spawnOwned } from '../processes.ts';
import { beginEntry, finishEntry } from './cache-entry.ts';

/** What the tests run on; the newest first. */
export const kafkaVersions = ['4.3.1', '3.9.2'] as const;
/** Also an old one, for runs by hand: nothing fetches it unless it is asked for by name. */
export const knownKafkaVersions = [...kafkaVersions, '3.6.2'] as const;
export type KafkaVersion = (typeof knownKafkaVersions)[number];

export interface KafkaArtifacts {
  version: KafkaVersion;
  /** Jars in a fixed order: a class archive is only valid for the very class path it was made with. */
  classPath: string;
  jmxAgentJar: string;
  java: JavaRuntime;
  /** Changes with the jars or the Java runtime; names what is derived from them. */
  fingerprint: string;
}

export interface JavaRuntime {
  command: string;
  version: string;
}

const JAVA_MISSING = 'Java 17 is missing. Install it with: sudo apt-get install -y openjdk-17-jre-headless';
const MAVEN_MISSING = 'Maven is missing. Install it with: sudo apt-get install -y maven';

/** A prerequisite the machine lacks. The message is one line and names the command that installs it. */
export class MissingPrerequisite extends Error {
  override name = 'MissingPrerequisite';
}

/** Kafka's own jars from Maven Central, from the cache when they are there. */
export async function ensureKafkaArtifacts(
  version: KafkaVersion,
  log: (line: string) => void,
): Promise<KafkaArtifacts> {
  const java = await findJava();
  const pom = pomFor(version);
  const pomHash = createHash('sha256').update(pom).digest('hex').slice(0, 16);
  const libs = join(cacheDir, `libs-${version}`);
  if (!isComplete(libs, pomHash)) await fetchLibs(version, pom, pomHash, libs, log);
  const jars = readdirSync(libs)
    .filter((file) => file.endsWith('.jar'))
    .sort()
    .map((file) => join(libs, file));
  const jmxAgentJar = jars.find((jar) => jar.includes('jmx_prometheus_javaagent'));
  if (jmxAgentJar === undefined)
    throw new Error(`${libs} holds no jmx_prometheus_javaagent; remove that folder and try again`);
  const classPath = jars.filter((jar) => jar !== jmxAgentJar).join(':');
  const fingerprint = createHash('sha256')
    .update(`${java.version}\n${classPath}\n${pomHash}`)
    .digest('hex')
    .slice(0, 12);
  return { version, classPath, jmxAgentJar, java, fingerprint };
}

export async function findJava(): Promise<JavaRuntime> {
  const home = process.env.JAVA_HOME;
  const command = home !== undefined && existsSync(join(home, 'bin', 'java')) ? join(home, 'bin', 'java') : 'java';
  try {
    const { stderr } = await promisify(execFile)(command, ['-version']);
    const major = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
    if (major < 17) throw new MissingPrerequisite(`${JAVA_MISSING} (found Java ${major})`);
    return { command, version: stderr.trim() };
  } catch (error) {
    if (error instanceof MissingPrerequisite) throw error;
    throw new MissingPrerequisite(JAVA_MISSING, { cause: error });
  }
}

function isComplete(libs: string, pomHash: string): boolean {
  const marker = join(libs, 'complete');
  return existsSync(marker) && readFileSync(marker, 'utf8') === pomHash;
}

async function fetchLibs(
  version: string,
  pom: string,
  pomHash: string,
  libs: string,
  log: (line: string) => void,
): Promise<void> {
  await requireMaven();
  log(`Kafka ${version}: fetching jars from Maven Central (about 70 MB, once)`);
  const part = beginEntry(libs);
  mkdirSync(part, { recursive: true });
  const pomFile = join(part, 'pom.xml');
  const logFile = join(part, 'maven.log');
  writeFileSync(pomFile, pom);
  const args = ['-q', '-B', '-ntp', `-Dmaven.repo.local=${join(cacheDir, 'm2')}`, '-f', pomFile];
  args.push('dependency:copy-dependencies', `-DoutputDirectory=${part}`);
  const maven = spawnOwned({ name: 'maven', command: 'mvn', args, logFile });
  const { code } = await maven.exited;
  if (code !== 0) {
    const firstError = /\[ERROR\] .*/.exec(readFileSync(logFile, 'utf8'))?.[0] ?? `mvn ended with ${code}`;
    throw new Error(`Kafka ${version} could not be fetched from Maven Central: ${firstError}`);
  }
  writeFileSync(join(part, 'complete'), pomHash);
  if (!isComplete(libs, pomHash)) rmSync(libs, { recursive: true, force: true });
  finishEntry(part, libs);
}

async function requireMaven(): Promise<void> {
  try {
    await promisify(execFile)('mvn', ['-v']);
  } catch (error) {
    throw new MissingPrerequisite(MAVEN_MISSING, { cause: error });
  }
}

interface Dependency {
  group: string;
  artifact: string;
  version: string;
  /** `group:artifact` of what it brings along and nothing here uses. */
  without?: string;
}

function dependenciesOf(version: KafkaVersion): Dependency[] {
  const kafka = { group: 'org.apache.kafka', version };
  const log4j = { group: 'org.apache.logging.log4j', version: '2.24.3' };
  return [
    { ...kafka, artifact: 'kafka_2.13' },
    { ...kafka, artifact: 'kafka-tools' },
    { group: 'io.prometheus.jmx', artifact: 'jmx_prometheus_javaagent', version: '1.0.1' },
    ...(version.startsWith('3.')
      ? [{ group: 'org.slf4j', artifact: 'slf4j-reload4j', version: '1.7.36' }]
      : [
          { ...log4j, artifact: 'log4j-slf4j-impl' },
          { ...log4j, artifact: 'log4j-core' },
          // For a member of a Streams group; it keeps no state, so the 70 MB of RocksDB stay away.
          { ...kafka, artifact: 'kafka-streams', without: 'org.rocksdb:rocksdbjni' },
        ]),
  ];
}

function pomFor(version: KafkaVersion): string {
  const dependencies = dependenciesOf(version).map(({ group, artifact, version: number, without }) => {
    const [excludedGroup, excluded] = without?.split(':') ?? [];
    const exclusions =
      without === undefined
        ? ''
        : `<exclusions><exclusion><groupId>${excludedGroup}</groupId><artifactId>${excluded}</artifactId></exclusion></exclusions>`;
    return `    <dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${number}</version>${exclusions}</dependency>`;
  });
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0">',
    '  <modelVersion>4.0.0</modelVersion>',
    '  <groupId>msk-checkup</groupId><artifactId>sandbox-kafka</artifactId><version>1</version>',
    '  <dependencies>',
    ...dependencies,
    '  </dependencies>',
    '</project>',
    '',
  ].join('\n');
}
