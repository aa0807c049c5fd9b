import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureKafkaArtifacts, type KafkaVersion } from '../../sandbox/kafka/artifacts.ts';

/** Where and when the figures were taken: without it nobody can say why theirs differ. */
export interface Environment {
  startedAt: string;
  cpuModel: string;
  cores: number;
  memoryGiB: number;
  platform: string;
  node: string;
  java: string;
  /** Of the last minute, before anything was started. */
  loadAverageAtStart: number;
}

const LOOK_MS = 5_000;

/** Share of the processors' time in use while we only wait: the brokers at rest, and whoever else is on the machine. */
export async function busyShareAtRest(): Promise<number> {
  const before = processorTimes();
  await sleep(LOOK_MS);
  const after = processorTimes();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

function processorTimes(): { idle: number; all: number } {
  const times = os.cpus().map((cpu) => cpu.times);
  const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  return { idle: sumOf(times.map(({ idle }) => idle)), all: sumOf(times.flatMap((each) => Object.values(each))) };
}

export async function readEnvironment(kafka: KafkaVersion): Promise<Environment> {
  const loadAverageAtStart = os.loadavg()[0] ?? Number.NaN;
  const { java } = await ensureKafkaArtifacts(kafka, () => {});
  const cpus = os.cpus();
  return {
    startedAt: new Date().toISOString(),
    cpuModel: cpus[0]?.model ?? 'unknown',
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    platform: `${os.platform()} ${os.release()} ${os.arch()}`,
    node: process.version,
    java: java.version.split('\n')[0] ?? '',
    loadAverageAtStart,
  };
}
