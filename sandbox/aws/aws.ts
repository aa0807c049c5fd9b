import { mkdir } from 'node:fs/promises';
import { Bridge } from '../bridge/bridge.ts';
import { ClusterReader } from '../bridge/kafka/reader.ts';
import type { MetricLevel } from '../bridge/levels.ts';
import { type BackdateOptions, MetricStore } from '../bridge/store.ts';
import type { KafkaCluster } from '../kafka/cluster.ts';
import { mskServerProperties } from '../kafka/settings.ts';
import { cacheDir } from '../paths.ts';
import { freePort } from '../ports.ts';
import { accountHandlers, alarmHandler, connectOperation } from './account/handlers.ts';
import { type AccountState, plainAccount } from './account/state.ts';
import { cloudWatchHandler } from './cloudwatch/handler.ts';
import type { Fault } from './faults.ts';
import { type Front, type RequestRecord, startFront } from './front.ts';
import { AWS_ACCOUNT, AWS_REGION, DUMMY_CREDENTIALS } from './identity.ts';
import { Functions } from './lambda/functions.ts';
import type { DeployedLambda, InvokeResult, LambdaSettings } from './lambda/rie.ts';
import { type Moto, startMoto } from './moto.ts';
import { identityOf } from './msk/cluster-identity.ts';
import { mskHandler, mskOperation } from './msk/routes.ts';
import { type ClusterOperation, type Described, GIB, type MskState } from './msk/state.ts';
import { costExplorerHandler } from './pricing/cost-explorer.ts';
import { pricingHandler } from './pricing/handler.ts';
import { ensureMotoVenv, ensureRuntimeEmulator } from './python.ts';

const DEFAULT_VOLUME_BYTES = 100 * GIB;

export interface StartAwsOptions {
  cluster: KafkaCluster;
  /** Logs of moto and of the functions. */
  folder: string;
  log: (line: string) => void;
  clusterName?: string;
  tags?: Record<string, string>;
  /** The monitoring level that the cluster declares and publishes; DEFAULT unless told. */
  monitoring?: MetricLevel;
  /** Size of each broker's volume as declared; 100 GiB unless told. */
  volumeBytes?: number;
  /** False leaves moto out, and with it everything that is not MSK, CloudWatch reads or Lambda: for tests that need no Python. */
  emulator?: boolean;
  /** False leaves the metrics store empty. */
  scrape?: boolean;
}

export interface SandboxAws {
  /** For AWS_ENDPOINT_URL. */
  endpoint: string;
  region: 'us-east-1';
  account: '111122223333';
  clusterArn: string;
  clusterName: string;
  /** What a process needs to talk to the sandbox with the AWS SDK. */
  env: Record<string, string>;
  /** Every call so far, oldest first. */
  requests: RequestRecord[];
  /** What lies around the cluster in its account; what is put in here is in the next answer. */
  surroundings: AccountState;
  /** CloudWatch's content, for tests and faults that need a series of their own. */
  metrics: MetricStore;
  deployLambda(settings: LambdaSettings): Promise<DeployedLambda>;
  invokeLambda(name: string, event: unknown): Promise<InvokeResult>;
  /** The EBS volume that DescribeClusterV2 declares and that disk use is a share of. */
  setDeclaredVolume(bytes: number): void;
  setTags(tags: Record<string, string>): void;
  /** What DescribeClusterV2 says from now on otherwise than the real cluster, in the API's own shape; a null leaves a field out. */
  describe(changes: Described): void;
  /** The properties of the configuration's one revision, instead of those that the brokers run with. */
  setServerProperties(properties: Readonly<Record<string, string>>): void;
  /** Cluster operations that the control plane lists; one without an end time makes the cluster UPDATING. */
  setOperations(operations: ClusterOperation[]): void;
  /** Reads the brokers' figures at once instead of at the next turn. */
  refreshMetrics(): Promise<void>;
  /** Refreshes, then makes what is measured now look as if it had lasted for minutes. Answers label it composed. */
  backdate(options: BackdateOptions): Promise<void>;
  clearBackdates(): void;
  injectFault(fault: Fault): void;
  clearFaults(): void;
  processes(): { name: string; pid: number }[];
  /** The front first, then the functions, then moto: each by its own id. */
  stop(): Promise<void>;
}

/** Starts everything of AWS that the product talks to, in front of a real cluster. */
export async function startAws(options: StartAwsOptions): Promise<SandboxAws> {
  await mkdir(options.folder, { recursive: true });
  const state = mskState(options);
  const store = new MetricStore({ seed: 'msk-checkup', recordedFromMs: Date.now() });
  const bridge = new Bridge({
    cluster: options.cluster,
    reader: state.reader,
    store,
    clusterName: state.identity.name,
    level: state.monitoring,
    volumeBytes: () => state.declaredVolumeBytes,
    log: options.log,
  });
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  let runtimeEmulator: Promise<string> | undefined;
  const functions = new Functions(async () => {
    // Once, however many functions are deployed side by side.
    runtimeEmulator ??= ensureRuntimeEmulator(cacheDir, options.log);
    return { emulator: await runtimeEmulator, endpoint, logFolder: options.folder };
  });
  const moto = options.emulator === false ? undefined : await motoFor(options, port);
  const account = plainAccount(moto !== undefined);
  const front = await frontFor(port, state, account, store, functions, moto).catch(async (error: unknown) => {
    await moto?.process.stop();
    throw error;
  });
  if (options.scrape !== false) bridge.start();
  const parts = { state, account, store, bridge, functions, moto, front };
  return { ...controls(parts), endpoint, env: environment(endpoint) };
}

interface Parts {
  state: MskState;
  account: AccountState;
  store: MetricStore;
  bridge: Bridge;
  functions: Functions;
  moto: Moto | undefined;
  front: Front;
}

function mskState({ cluster, clusterName, tags, monitoring, volumeBytes }: StartAwsOptions): MskState {
  return {
    cluster,
    identity: identityOf(cluster, clusterName ?? 'msk-checkup-sandbox'),
    reader: new ClusterReader(cluster),
    createdAt: new Date(),
    declaredVolumeBytes: volumeBytes ?? DEFAULT_VOLUME_BYTES,
    tags: tags ?? {},
    monitoring: monitoring ?? 'DEFAULT',
    serverProperties: mskServerProperties,
    operations: [],
    described: {},
  };
}

async function motoFor(options: StartAwsOptions, frontPort: number): Promise<Moto> {
  const venv = await ensureMotoVenv(cacheDir, options.log);
  return startMoto({ venv, folder: options.folder, frontPort });
}

function frontFor(
  port: number,
  state: MskState,
  account: AccountState,
  store: MetricStore,
  functions: Functions,
  moto: Moto | undefined,
): Promise<Front> {
  const alarms = alarmHandler(account);
  const metrics = cloudWatchHandler(store, Date.now);
  return startFront({
    port,
    handlers: {
      kafka: mskHandler(state),
      monitoring: async (incoming) => (await alarms(incoming)) || metrics(incoming),
      lambda: functions.handle,
      pricing: pricingHandler(),
      ...accountHandlers(account, state),
      ce: costExplorerHandler(state),
    },
    nameOperation: (service, method, url) => {
      if (service === 'kafka') return mskOperation(method, url);
      return service === 'kafkaconnect' ? connectOperation(method, url) : undefined;
    },
    emulatorPort: () => moto?.port,
  });
}

function environment(endpoint: string): Record<string, string> {
  return { AWS_ENDPOINT_URL: endpoint, AWS_REGION, AWS_DEFAULT_REGION: AWS_REGION, ...DUMMY_CREDENTIALS };
}

function controls(parts: Parts): Omit<SandboxAws, 'endpoint' | 'env'> {
  const { state, store, bridge, functions, moto, front } = parts;
  return {
    surroundings: parts.account,
    region: AWS_REGION,
    account: AWS_ACCOUNT,
    clusterArn: state.identity.arn,
    clusterName: state.identity.name,
    requests: front.requests,
    metrics: store,
    deployLambda: (settings) => functions.deploy(settings),
    invokeLambda: (name, event) => {
      const found = functions.find(name);
      if (found === undefined) throw new Error(`no function ${name} is deployed in the sandbox`);
      return found.invoke(JSON.stringify(event));
    },
    setDeclaredVolume: (bytes) => {
      // A volume that shrinks is a fault: the composed past must not follow it.
      store.settle();
      state.declaredVolumeBytes = bytes;
    },
    setTags: (tags) => {
      state.tags = tags;
    },
    describe: (changes) => {
      state.described = changes;
    },
    setServerProperties: (properties) => {
      state.serverProperties = properties;
    },
    setOperations: (operations) => {
      state.operations = operations;
    },
    refreshMetrics: () => bridge.refresh(),
    backdate: async (backdated) => {
      await bridge.refresh();
      store.backdate(backdated, Date.now());
    },
    clearBackdates: () => store.clearBackdates(),
    injectFault: (fault) => front.faults.inject(fault),
    clearFaults: () => front.faults.clear(),
    processes: () => [
      ...(moto === undefined ? [] : [{ name: 'moto', pid: moto.process.pid }]),
      ...functions.processes(),
    ],
    stop: async () => {
      await front.close();
      await bridge.stop();
      await functions.stop();
      state.reader.close();
      await moto?.process.stop();
    },
  };
}
