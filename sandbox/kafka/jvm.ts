import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../paths.ts';
import type { KafkaArtifacts } from './artifacts.ts';

/** Small heap, no background compiler threads: with the JVM's own defaults the same start takes ten times as long. */
const NODE_FLAGS = ['-Xms64m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djava.awt.headless=true'];
const TOOL_FLAGS = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djava.awt.headless=true'];

export interface JmxExporter {
  port: number;
  configFile: string;
}

/** The java arguments of one Kafka node, up to and without the main class. `extraJars` are what its properties name beyond Kafka. */
export function nodeJvmArgs(artifacts: KafkaArtifacts, exporter?: JmxExporter, extraJars: string[] = []): string[] {
  const agent =
    exporter === undefined
      ? []
      : [`-javaagent:${artifacts.jmxAgentJar}=127.0.0.1:${exporter.port}:${exporter.configFile}`];
  return [
    ...NODE_FLAGS,
    ...archiveFlag(nodeArchive(artifacts)),
    ...agent,
    ...loggingFlags(artifacts, 'INFO'),
    ...classPathFlags(artifacts, extraJars),
  ];
}

/** The java arguments of a command line tool; it logs errors only, to stderr, so that stdout is the tool's own answer. */
export function toolJvmArgs(artifacts: KafkaArtifacts, extraJars: string[] = []): string[] {
  return [
    ...TOOL_FLAGS,
    ...archiveFlag(nodeArchive(artifacts)),
    ...loggingFlags(artifacts, 'ERROR'),
    ...classPathFlags(artifacts, extraJars),
  ];
}

/** Kafka's own jars first: the class archive is valid as long as the path it was made with is the start of this one. */
function classPathFlags({ classPath }: KafkaArtifacts, extraJars: string[]): string[] {
  return ['-cp', [classPath, ...extraJars].join(':')];
}

/** Where the class archive (AppCDS) for these jars and this Java lies; it need not exist. */
export function nodeArchive(artifacts: KafkaArtifacts): string {
  return join(cacheDir, `classes-2-${artifacts.version}-${artifacts.fingerprint}.jsa`);
}

/** Flags that make the JVM write that archive when it ends in an orderly way. */
export function recordArchiveFlags(file: string): string[] {
  return [`-XX:ArchiveClassesAtExit=${file}`, '-Xlog:cds=off', '-Xlog:cds+dynamic=off'];
}

function archiveFlag(file: string): string[] {
  return existsSync(file) ? [`-XX:SharedArchiveFile=${file}`, '-Xlog:cds=off', '-Xlog:cds+dynamic=off'] : [];
}

function loggingFlags(artifacts: KafkaArtifacts, level: 'INFO' | 'ERROR'): string[] {
  const reload4j = artifacts.version.startsWith('3.');
  const file = join(cacheDir, 'logging', `${reload4j ? 'log4j' : 'log4j2'}-${level.toLowerCase()}.properties`);
  if (!existsSync(file)) {
    mkdirSync(join(cacheDir, 'logging'), { recursive: true });
    writeFileSync(file, reload4j ? reload4jConfig(level) : log4j2Config(level));
  }
  return [reload4j ? `-Dlog4j.configuration=file:${file}` : `-Dlog4j2.configurationFile=${file}`];
}

const PATTERN = '[%d] %p %m (%c)%n';

function reload4jConfig(level: string): string {
  return [
    `log4j.rootLogger=${level}, console`,
    'log4j.appender.console=org.apache.log4j.ConsoleAppender',
    `log4j.appender.console.target=${level === 'ERROR' ? 'System.err' : 'System.out'}`,
    'log4j.appender.console.layout=org.apache.log4j.PatternLayout',
    `log4j.appender.console.layout.ConversionPattern=${PATTERN}`,
    '',
  ].join('\n');
}

function log4j2Config(level: string): string {
  return [
    'appender.console.type=Console',
    'appender.console.name=console',
    `appender.console.target=${level === 'ERROR' ? 'SYSTEM_ERR' : 'SYSTEM_OUT'}`,
    'appender.console.layout.type=PatternLayout',
    `appender.console.layout.pattern=${PATTERN}`,
    `rootLogger.level=${level}`,
    'rootLogger.appenderRef.console.ref=console',
    '',
  ].join('\n');
}
