import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runDir } from './paths.ts';

/** What `up` leaves for `status`, `fault`, `down` and for anyone who wants to connect to the running sandbox. */
export interface SandboxState {
  supervisorPid: number;
  /** HTTP on 127.0.0.1; every request carries the token, so that a web page cannot reach it. */
  controlPort: number;
  controlToken: string;
  runId: string;
  /** The topic made in this very run; null in the profile without topics. */
  runTopic: string | null;
  kafkaVersion: string;
  profile: string;
  clusterId: string;
  bootstrap: string;
  brokers: { id: number; port: number; rack: string; jmxPort: number; alive: boolean }[];
  controllerJmxPort: number;
  declaredVolumeBytes: number;
  /** What the AWS side answers on; null when it was not asked for. */
  aws: Record<string, string> | null;
  /** The environment that points an AWS SDK at it. */
  awsEnv: Record<string, string>;
  activeFaults: string[];
  processes: { name: string; pid: number }[];
  logs: string;
}

export const stateFile = join(runDir, 'state.json');

export function readState(): SandboxState | null {
  if (!existsSync(stateFile)) return null;
  try {
    return JSON.parse(readFileSync(stateFile, 'utf8')) as SandboxState;
  } catch {
    return null;
  }
}

export function writeState(state: SandboxState): void {
  mkdirSync(runDir, { recursive: true });
  const part = `${stateFile}.part-${process.pid}`;
  writeFileSync(part, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(part, stateFile);
}

export function removeState(): void {
  rmSync(stateFile, { force: true });
}
