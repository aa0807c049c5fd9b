import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type SandboxAws, type StartAwsOptions, startAws } from './aws/aws.ts';
import { ensureMotoVenv, ensureRuntimeEmulator } from './aws/python.ts';
import type { FaultTarget } from './faults/fault.ts';
import { usualVolumeBytes } from './faults/fill-disk.ts';
import { faultNames, faults } from './faults/registry.ts';
import type { KafkaVersion } from './kafka/artifacts.ts';
import { type KafkaCluster, startKafkaCluster } from './kafka/cluster.ts';
import type { ClusterShape } from './kafka/shape.ts';
import { cacheDir } from './paths.ts';
import { createRunFolder, releaseRunFolder } from './run-folder.ts';
import { type Profile, runTopicName } from './workload/shapes.ts';
import { startWorkload, type Workload } from './workload/workload.ts';

export interface SandboxOptions {
  kafka: KafkaVersion;
  profile: Profile;
  /** Also start the emulated AWS side: the front server, moto behind it, and the bridge of metrics. */
  aws: boolean;
  /** What the AWS side is told beyond the cluster: tags, monitoring level, with or without moto. */
  awsOptions?: Omit<StartAwsOptions, 'cluster' | 'folder' | 'log'>;
  log: (line: string) => void;
  seed?: number;
  /** Other than three open brokers. Fewer go with the profile `empty` only, whose topics nobody has to place. */
  shape?: ClusterShape;
}

export interface Sandbox {
  cluster: KafkaCluster;
  /** Null when started without it. */
  aws: SandboxAws | null;
  profile: Profile;
  /** Random; the topic `run-<runId>` exists in this run only. */
  runId: string;
  runTopic: string | null;
  /** Properties, logs and data of this run. */
  folder: string;
  /** The size the control plane declares for each broker's volume. Real log bytes are held against it. */
  readonly declaredVolumeBytes: number;
  activeFaults(): string[];
  /** Does a fault by its name and resolves once it shows on the cluster. Again while active: nothing happens. */
  inject(name: string): Promise<void>;
  /** Undoes every fault, the last one first. */
  heal(): Promise<void>;
  processes(): { name: string; pid: number }[];
  stop(): Promise<void>;
}

const DEFAULT_SEED = 20_240_501;

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { profile, log, shape } = options;
  if (shape !== undefined && shape.brokers < 3 && profile !== 'empty')
    throw new Error('fewer than three brokers go with the profile empty only');
  const runId = randomBytes(4).toString('hex');
  const folder = createRunFolder(runId);
  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const part of started.splice(0).reverse()) await part.stop();
    releaseRunFolder(folder);
  };
  try {
    const keep = <T extends { stop(): Promise<void> } | null>(part: T): T => {
      if (part !== null) started.push(part);
      return part;
    };
    const [cluster] = await allOrNone([
      startKafkaCluster({ version: options.kafka, folder: join(folder, 'kafka'), log, ...(shape && { shape }) }).then(
        keep,
      ),
      fetchAwsArtifacts(options),
    ]);
    const [aws, workload] = await allOrNone([
      awsFor(options, cluster, folder).then(keep),
      workloadFor(options, cluster, runId, folder).then(keep),
    ]);
    await aws?.refreshMetrics();
    return handle({ cluster, aws, workload, profile, runId, folder, log, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

/** As Promise.all, but a failure is thrown only once nothing is still being started. */
async function allOrNone<A, B>(parts: [Promise<A>, Promise<B>]): Promise<[A, B]> {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}

/** While Maven works on the first start; at once when they are in the cache. */
async function fetchAwsArtifacts({ aws, awsOptions, log }: SandboxOptions): Promise<void> {
  if (!aws || awsOptions?.emulator === false) return;
  await ensureMotoVenv(cacheDir, log);
  // Elsewhere it does not run, and all but the Lambda tests do without.
  if (process.platform === 'linux') await ensureRuntimeEmulator(cacheDir, log);
}

async function awsFor(options: SandboxOptions, cluster: KafkaCluster, folder: string): Promise<SandboxAws | null> {
  if (!options.aws) return null;
  options.log('AWS side: starting the emulator and the bridge');
  const usual = { cluster, folder: join(folder, 'aws'), log: options.log, volumeBytes: usualVolumeBytes };
  return startAws({ ...usual, ...options.awsOptions });
}

async function workloadFor(
  { profile, log, seed = DEFAULT_SEED }: SandboxOptions,
  cluster: KafkaCluster,
  runId: string,
  folder: string,
): Promise<Workload | null> {
  if (profile === 'empty') return null;
  log(`workload ${profile}: creating topics, groups and first records`);
  return startWorkload({ cluster, profile, runId, seed, folder });
}

interface Parts {
  cluster: KafkaCluster;
  aws: SandboxAws | null;
  workload: Workload | null;
  profile: Profile;
  runId: string;
  folder: string;
  log: (line: string) => void;
  stop: () => Promise<void>;
}

function handle({ cluster, aws, workload, profile, runId, folder, log, stop }: Parts): Sandbox {
  let declaredVolumeBytes: number = usualVolumeBytes;
  const declareVolume = (bytes: number): void => {
    declaredVolumeBytes = bytes;
    aws?.setDeclaredVolume(bytes);
  };
  return {
    cluster,
    aws,
    profile,
    runId,
    runTopic: profile === 'empty' ? null : runTopicName(runId),
    folder,
    get declaredVolumeBytes() {
      return declaredVolumeBytes;
    },
    ...faultControls({ cluster, aws, workload, profile, log, declareVolume }),
    processes: () => [...cluster.processes(), ...(workload?.processes() ?? []), ...(aws?.processes() ?? [])],
    stop,
  };
}

function faultControls(target: FaultTarget): Pick<Sandbox, 'activeFaults' | 'inject' | 'heal'> {
  const undo = new Map<string, () => Promise<void>>();
  return {
    activeFaults: () => [...undo.keys()],
    inject: async (name) => {
      const fault = faults.find((candidate) => candidate.name === name);
      if (fault === undefined)
        throw new Error(`there is no fault ${JSON.stringify(name)}; faults: ${faultNames.join(', ')}, heal`);
      if (undo.has(name)) return;
      undo.set(name, await fault.inject(target));
      await target.aws?.refreshMetrics();
      for (const backdated of fault.persistence ?? []) await target.aws?.backdate(backdated);
    },
    heal: async () => {
      const healed = [...undo].reverse();
      for (const [name, undoFault] of healed) {
        target.log(`healing ${name}`);
        await undoFault();
        undo.delete(name);
      }
      target.aws?.clearBackdates();
      await target.aws?.refreshMetrics();
      // A report looks back a day: what was recorded during the fault would keep its findings until tomorrow.
      const persistence = faults
        .filter(({ name }) => healed.some(([done]) => done === name))
        .flatMap((fault) => fault.persistence ?? []);
      for (const { value: _during, ...span } of persistence) await target.aws?.backdate(span);
    },
  };
}
