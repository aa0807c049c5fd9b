/** The process that owns a sandbox started by `npm run sandbox -- up`. It is detached from the terminal; all else dies with it. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { parseArgs } from 'node:util';
import type { KafkaVersion } from './kafka/artifacts.ts';
import { freePort } from './ports.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';
import { removeState, type SandboxState, writeState } from './state.ts';
import type { Profile } from './workload/shapes.ts';

/** What the supervisor tells `up` while it is still listening. */
export type SupervisorMessage = { kind: 'log'; line: string } | { kind: 'ready' } | { kind: 'failed'; line: string };

const { values } = parseArgs({
  options: { kafka: { type: 'string' }, profile: { type: 'string' }, aws: { type: 'boolean', default: false } },
});

let sandbox: Sandbox | undefined;
let ready = false;
let stopping = false;

function tell(message: SupervisorMessage): void {
  if (message.kind === 'log') console.log(message.line);
  if (process.connected) process.send?.(message);
}

async function shutDown(code: number): Promise<never> {
  if (!stopping) {
    stopping = true;
    await sandbox?.stop();
    removeState();
  }
  process.exit(code);
}

process.on('SIGINT', () => void shutDown(130));
process.on('SIGTERM', () => void shutDown(143));
// Until it is ready, `up` is the owner: when that is gone nobody would know of this sandbox.
process.on('disconnect', () => {
  if (!ready) void shutDown(1);
});

const token = randomBytes(16).toString('hex');
try {
  sandbox = await startSandbox({
    kafka: values.kafka as KafkaVersion,
    profile: values.profile as Profile,
    aws: values.aws,
    log: (line) => tell({ kind: 'log', line }),
  });
  const controlPort = await freePort();
  const save = (): void => writeState(stateOf(sandbox!, controlPort));
  await listen(controlServer(sandbox, save), controlPort);
  save();
  ready = true;
  tell({ kind: 'ready' });
} catch (error) {
  const line = error instanceof Error ? error.message : String(error);
  console.error(error);
  if (process.connected) process.send?.({ kind: 'failed', line }, () => void shutDown(1));
  else void shutDown(1);
}

function stateOf(running: Sandbox, controlPort: number): SandboxState {
  const { cluster } = running;
  return {
    supervisorPid: process.pid,
    controlPort,
    controlToken: token,
    runId: running.runId,
    runTopic: running.runTopic,
    kafkaVersion: cluster.version,
    profile: running.profile,
    clusterId: cluster.clusterId,
    bootstrap: cluster.bootstrap,
    brokers: cluster.brokers.map(({ id, port, rack, jmxPort, alive }) => ({ id, port, rack, jmxPort, alive })),
    controllerJmxPort: cluster.controllerJmxPort,
    declaredVolumeBytes: running.declaredVolumeBytes,
    aws:
      running.aws === null
        ? null
        : { endpoint: running.aws.endpoint, region: running.aws.region, clusterArn: running.aws.clusterArn },
    awsEnv: running.aws?.env ?? {},
    activeFaults: running.activeFaults(),
    processes: running.processes(),
    logs: running.folder,
  };
}

/** `GET /status`, `POST /fault/<name>`, `POST /heal`, `POST /stop`: one at a time, in the order they arrive. */
function controlServer(running: Sandbox, save: () => void): Server {
  let last: Promise<unknown> = Promise.resolve();
  return createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.headers['x-sandbox-token'] !== token) return answer(403, { error: 'wrong token' });
    const [, verb, name] = (request.url ?? '').split('/');
    if (verb === 'status') return answer(200, { ok: true });
    if (verb === 'stop') {
      answer(200, { ok: true });
      return void shutDown(0);
    }
    const act = verb === 'heal' ? () => running.heal() : () => running.inject(decodeURIComponent(name ?? ''));
    last = last.then(act).then(
      () => {
        save();
        answer(200, { ok: true });
      },
      (error: unknown) => {
        console.error(error);
        const message = error instanceof Error ? error.message : String(error);
        answer(409, { error: message.split('\n', 1)[0] });
      },
    );
  });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
