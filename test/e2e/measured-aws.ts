// A cluster whose figures reach the emulated CloudWatch exactly when a test says so, between two looks of the witness at JMX.
import { join } from 'node:path';
import { expect } from 'vitest';
import { loadSnapshot } from '../../lib/snapshot/load.ts';
import type { SectionName, SectionValue, Snapshot } from '../../lib/snapshot/schema.ts';
import { type SandboxAws, startAws } from '../../sandbox/aws/aws.ts';
import type { KafkaVersion } from '../../sandbox/kafka/artifacts.ts';
import { waitUntil } from '../../sandbox/kafka/readiness.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { type Between, type Jmx, readJmx } from '../sandbox/support/jmx-witness.ts';
import { Witness } from '../sandbox/support/witness.ts';
import { Workplace } from './command-line.ts';

export const VOLUME_BYTES = 1024 ** 3;

export class MeasuredAws {
  readonly sandbox: Sandbox;
  readonly aws: SandboxAws;
  readonly witness: Witness;
  snapshot!: Snapshot;
  private readonly place = new Workplace();

  private constructor(sandbox: Sandbox, aws: SandboxAws) {
    this.sandbox = sandbox;
    this.aws = aws;
    this.witness = new Witness(sandbox.cluster);
  }

  /** At rest, at the level PER_BROKER, and nothing read from it yet. */
  static async start(kafka: KafkaVersion): Promise<MeasuredAws> {
    const sandbox = await startSandbox({ kafka, profile: 'idle', aws: false, log: () => {} });
    const aws = await startAws({
      cluster: sandbox.cluster,
      folder: join(sandbox.folder, 'aws'),
      log: () => {},
      emulator: false,
      scrape: false,
      monitoring: 'PER_BROKER',
      volumeBytes: VOLUME_BYTES,
    });
    return new MeasuredAws(sandbox, aws);
  }

  async stop(): Promise<void> {
    this.place.remove();
    await this.aws.stop();
    await this.sandbox.stop();
  }

  /** Living brokers in their order, the controller last. */
  look(): Promise<Jmx[]> {
    const { brokers, controllerJmxPort } = this.sandbox.cluster;
    const ports = brokers.filter(({ alive }) => alive).map(({ jmxPort }) => jmxPort);
    return Promise.all([...ports, controllerJmxPort].map(readJmx));
  }

  /** CloudWatch is told, and holds nothing else: what it had before is gone, and no past is composed around it. */
  async measure(): Promise<Between[]> {
    for (const series of this.aws.metrics.all()) series.recorded.clear();
    const before = await this.look();
    await this.aws.refreshMetrics();
    const after = await this.look();
    for (const series of this.aws.metrics.all()) series.bases.clear();
    return before.map((jmx, index) => ({ before: jmx, after: after[index]! }));
  }

  /** Until none of these figures differs between two looks at the brokers. */
  async untilStill(figures: readonly ((jmx: Jmx) => number)[]): Promise<void> {
    let last = '';
    await waitUntil('the cluster stands still', 30_000, async () => {
      const brokers = (await this.look()).slice(0, -1);
      const now = JSON.stringify(brokers.map((jmx) => figures.map((of) => of(jmx))));
      const isStill = now === last;
      last = now;
      if (!isStill) await new Promise((resolve) => setTimeout(resolve, 600));
      return isStill;
    });
  }

  /** By the built command line, as of the end of the present minute, so that it lies in the window. */
  async collect(): Promise<void> {
    const now = new Date(Date.now() + 60_000).toISOString();
    const source = ['--cluster', this.aws.clusterArn, '--samples', '1', '--now', now];
    const env = { ...this.aws.env, XDG_CACHE_HOME: join(this.place.folder, 'cache') };
    const { status, stdout, stderr } = await this.place.run(['collect', ...source, '--no-redact', '--json'], env);
    expect(status, stderr).toBe(0);
    const loaded = loadSnapshot(stdout);
    if (!loaded.ok) throw new Error(loaded.message);
    this.snapshot = loaded.snapshot;
  }

  section<N extends SectionName>(name: N): SectionValue<N> {
    const read = this.snapshot.sections[name];
    if (read?.ok !== true) throw new Error(`${name}: ${read?.detail ?? 'not requested'}`);
    return read.value as SectionValue<N>;
  }

  /** The newest point of the series with exactly these dimensions beside the cluster's name; null where CloudWatch has none. */
  point(metric: string, own: Readonly<Record<string, string>> = {}): number | null {
    const wanted = Object.entries({ 'Cluster Name': this.aws.clusterName, ...own });
    const found = this.section('metrics').series.filter(
      ({ metric: name, dimensions }) =>
        name === metric &&
        Object.keys(dimensions).length === wanted.length &&
        wanted.every(([key, value]) => dimensions[key] === value),
    );
    expect([metric, own, found.length]).toEqual([metric, own, 1]);
    return found[0]!.values.findLast((value) => value !== null) ?? null;
  }

  ofBroker(id: number, metric: string): number | null {
    // Nobody authenticates on the sandbox's one listener.
    const way: Record<string, string> =
      metric === 'ClientConnectionCount' ? { 'Client Authentication': 'Unauthenticated' } : {};
    return this.point(metric, { 'Broker ID': String(id), ...way });
  }
}
