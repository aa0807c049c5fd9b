// `npm start`: the whole job on real input. A Kafka cluster and the emulated AWS come up, the built Lambda bundle reads, judges and
// publishes as it would on AWS, and the report is laid into a folder. Without Java, Maven or Python the recorded run is shown, and says so.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { judge, renderArtifacts } from '../lib/checkup.ts';
import { parsePolicy } from '../lib/policy/load-policy.ts';
import { resolvePolicy } from '../lib/policy/resolve-policy.ts';
import type { Report } from '../lib/report/report.ts';
import { renderTerminal } from '../lib/report/terminal.ts';
import { loadSnapshot } from '../lib/snapshot/load.ts';
import { TOOL_VERSION } from '../lib/version.ts';
import { type Deployment, deployCheckup } from './deployment.ts';
import { missingPrerequisites } from './prerequisites.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

const OUT = 'msk-checkup-report';
const RECORDED = join(import.meta.dirname, 'recorded/snapshot.json');
/** A live run has no two minutes for its samples: they are closer, and the report prints both numbers and their defaults. */
const DEMO_POLICY = `version: 1
environment: production
sampling: { samples: 3, intervalSec: 5 }
lag: { minSpanSec: 8 }
`;
/** Traffic before the first look: groups need time to commit, to fall behind and to stand still. */
const TRAFFIC_SEC = 12;

const startedMs = performance.now();
const say = (line: string): void => console.error(`${elapsed()}  ${line}`);
const elapsed = (): string => `${((performance.now() - startedMs) / 1000).toFixed(1).padStart(5)} s`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { kafka: { type: 'string', default: '4.3.1' }, keep: { type: 'boolean', default: false } },
  });
  if (values.kafka !== '4.3.1' && values.kafka !== '3.9.2') {
    console.error(`npm start: --kafka ${values.kafka} is not known; allowed: 4.3.1, 3.9.2`);
    process.exitCode = 2;
    return;
  }
  const missing = missingPrerequisites();
  if (missing.length > 0) return await showRecorded(missing);
  buildBundles();
  const sandbox = await startSandbox({ kafka: values.kafka, profile: 'demo', aws: true, log: say });
  const stop = stopOnSignals(sandbox);
  try {
    await liveRun(sandbox, values.kafka);
    if (values.keep) await keepUntilInterrupted(sandbox);
  } finally {
    await stop();
  }
  say('sandbox stopped');
}

/** In a process of its own: nothing in the product may import a build script, and its output is progress. */
function buildBundles(): void {
  say('building the Lambda bundles');
  const script = join(import.meta.dirname, '../scripts/build.ts');
  const { status } = spawnSync(process.execPath, [script], { stdio: ['ignore', process.stderr.fd, 'inherit'] });
  if (status !== 0) throw new Error('the build failed');
}

async function liveRun(sandbox: Sandbox, kafkaVersion: string): Promise<void> {
  const { aws } = sandbox;
  if (aws === null) throw new Error('the sandbox runs without its AWS side');
  say('deploying bucket, topic and both functions into the emulated AWS');
  const deployment = await deployCheckup(aws, { policy: DEMO_POLICY });
  say(`real traffic for ${TRAFFIC_SEC} s`);
  await new Promise((resolve) => setTimeout(resolve, TRAFFIC_SEC * 1000));
  say('invoking the report function (3 looks at the offsets, 5 s apart; on a real schedule 60 s)');
  const scheduledTime = new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString();
  const { reply, failed } = await deployment.invokeReport({ clusterArn: aws.clusterArn, scheduledTime });
  if (failed || reply.ok !== true)
    throw new Error(`the report function answered ${JSON.stringify(reply).slice(0, 500)}`);
  const files = await fetchArtifacts(deployment, reply.reportKey);
  const report = JSON.parse(readFileSync(join(OUT, 'report.json'), 'utf8')) as Report;
  printSummary(report);
  const messages = await deployment.receivedMessages();
  console.log(`Report      ${files.join('\n            ')}`);
  console.log(
    `Published   s3://${deployment.bucket}/${reply.reportKey} and ${messages.length} message to the topic, both in the emulated AWS`,
  );
  console.log(
    `Live run    cluster ${sandbox.cluster.clusterId}, Apache Kafka ${kafkaVersion}, topic ${sandbox.runTopic} created in this run`,
  );
}

/** The objects of the run, as they lie in the bucket. */
async function fetchArtifacts(deployment: Deployment, reportKey: string): Promise<string[]> {
  await mkdir(OUT, { recursive: true });
  const reportFolder = reportKey.slice(0, reportKey.lastIndexOf('/'));
  const snapshotFolder = reportFolder.replace('v1/reports/', 'v1/snapshots/');
  const keys = (await deployment.objectKeys()).filter(
    (key) => key.startsWith(reportFolder) || key.startsWith(snapshotFolder),
  );
  const paths: string[] = [];
  for (const key of keys) {
    const { body } = await deployment.object(key);
    const isGzip = key.endsWith('.gz');
    const path = join(OUT, basename(key, '.gz'));
    await writeFile(path, isGzip ? gunzipSync(body) : body);
    paths.push(path);
  }
  return paths;
}

function printSummary(report: Report): void {
  const color = process.stdout.isTTY && !process.env.NO_COLOR;
  const text = renderTerminal(report, { color, columns: process.stdout.columns ?? 100 });
  console.log(color ? text : stripVTControlCharacters(text));
}

async function showRecorded(missing: readonly string[]): Promise<void> {
  for (const line of missing) console.error(`npm start: ${line}`);
  console.error('npm start: no live run without them; what follows is a RECORDED run');
  const loaded = loadSnapshot(readFileSync(RECORDED, 'utf8'));
  if (!loaded.ok) throw new Error(`${RECORDED}: ${loaded.message}`);
  const { snapshot } = loaded;
  const notice = `Recorded run: everything here was read on ${new Date(snapshot.takenAtMs).toISOString()} from a local sandbox, nothing now.`;
  const parsed = parsePolicy(DEMO_POLICY, 'the demo policy');
  const policy = resolvePolicy({ overrides: parsed.ok ? parsed.overrides : null, tags: null, clusterName: 'recorded' });
  const report = judge({
    snapshot,
    policy,
    previous: null,
    runId: 'recorded',
    toolVersion: TOOL_VERSION,
    notices: [notice],
  });
  await mkdir(OUT, { recursive: true });
  for (const artifact of renderArtifacts(report, ['html', 'email', 'json'])) {
    await writeFile(join(OUT, artifact.name), artifact.body);
  }
  printSummary(report);
  console.log(`RECORDED    ${notice}\nReport      ${join(OUT, 'report.html')}`);
}

/** The cluster ends with this process, whatever ends it; a signal ends it in order. */
function stopOnSignals(sandbox: Sandbox): () => Promise<void> {
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopped ??= sandbox.stop());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      say(`${signal}: stopping the sandbox`);
      void stop().finally(() => process.exit(130));
    });
  }
  return stop;
}

async function keepUntilInterrupted(sandbox: Sandbox): Promise<void> {
  const exports = Object.entries(sandbox.aws?.env ?? {}).map(([name, value]) => `export ${name}=${value}`);
  console.log(`\nThe sandbox stays until Ctrl-C. In another terminal:\n${exports.join('\n')}`);
  console.log(`npm run checkup -- report --cluster ${sandbox.aws?.clusterArn} --auth none`);
  await new Promise(() => setInterval(() => {}, 1 << 30));
}

await main().catch((error: unknown) => {
  console.error(`npm start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
process.exit();
