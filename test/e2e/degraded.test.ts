// No way to the brokers: the report comes from CloudWatch and MSK's own APIs alone, through the built bundle. It judges what these can
// tell, calls nothing healthy that nobody saw, and has the one line that would open the way.
import { join } from 'node:path';
import { DescribeClusterV2Command, KafkaClient } from '@aws-sdk/client-kafka';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CHECKS } from '../../lib/checks/registry.ts';
import { createCloudWatchReader } from '../../lib/collect/cloudwatch/cloudwatch-reader.ts';
import { collectSnapshot } from '../../lib/collect/collect-snapshot.ts';
import { collectKafka } from '../../lib/collect/kafka/collect-kafka.ts';
import { plannedSections, reportPlan } from '../../lib/collect/kafka/plan.ts';
import { createMskReader } from '../../lib/collect/msk/msk-reader.ts';
import type { Report } from '../../lib/report/report.ts';
import { loadSnapshot } from '../../lib/snapshot/load.ts';
import type { Snapshot } from '../../lib/snapshot/schema.ts';
import { type SandboxAws, startAws } from '../../sandbox/aws/aws.ts';
import { killBroker } from '../../sandbox/faults/kill-broker.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { clientFor } from '../sandbox/support/aws-fixtures.ts';
import { dropPackets } from '../sandbox/support/dropped-packets.ts';
import { Witness } from '../sandbox/support/witness.ts';
import { Workplace } from './command-line.ts';
import { cannotRun, isFull, NEWEST_KAFKA } from './live.ts';

const PLAN = reportPlan({ samples: 1, intervalSec: 1 });
const KAFKA = plannedSections(PLAN);
/** Checks that CloudWatch, MSK's topic API or the cluster's description answer without the brokers. */
const ANSWERED_BY_AWS = [
  'cpu-high',
  'disk-used-high',
  'leaders-skewed',
  'offline-partitions',
  'partitions-under-replicated',
  'replication-factor-low',
  'version-unsupported',
];
const FROM_AWS = /CloudWatch|MSK's topic API|DescribeClusterV2|ListNodes|ListKafkaVersions|docs\.aws\.amazon\.com/;

if (!isFull && !cannotRun)
  console.warn('reports without a way to the brokers are left out: only `npm run test:full` has the minutes');

describe.skipIf(cannotRun || !isFull).each(NEWEST_KAFKA)('without a way to the brokers of Kafka %s', (kafka) => {
  let sandbox: Sandbox;
  let aws: SandboxAws;
  let place: Workplace;
  /** What GetBootstrapBrokers answers. */
  const told = { bootstrap: '' };
  let blocked: Awaited<ReturnType<typeof dropPackets>>;
  /** As of the end of the present minute, and judged then. */
  let read: Snapshot;
  let judged: Report;

  beforeAll(async () => {
    const shape = { brokers: 3, users: null, proxied: true };
    sandbox = await startSandbox({ kafka, profile: 'idle', aws: false, log: () => {}, shape });
    const cluster = Object.defineProperty({ ...sandbox.cluster }, 'bootstrap', { get: () => told.bootstrap });
    const folder = join(sandbox.folder, 'aws');
    aws = await startAws({ cluster, folder, log: () => {}, emulator: false, volumeBytes: 1024 ** 3 });
    place = new Workplace();
    blocked = await dropPackets();
    told.bootstrap = blocked.address;
    await aws.refreshMetrics();
    const now = new Date(Date.now() + 60_000).toISOString();
    const { stdout } = await run('collect', '--no-redact', '--now', now);
    const file = place.file('snapshot.json', stdout);
    const loaded = loadSnapshot(stdout);
    if (!loaded.ok) throw new Error(loaded.message);
    read = loaded.snapshot;
    const replay = await place.run(['report', '--snapshot', file, '--environment', 'production', '--json'], {});
    judged = JSON.parse(replay.stdout);
  });
  afterAll(async () => {
    blocked?.stop();
    place?.remove();
    await aws?.stop();
    await sandbox?.stop();
  });
  afterEach(async () => {
    aws.clearFaults();
    told.bootstrap = blocked.address;
    for (const proxy of sandbox.cluster.proxies) await proxy.heal();
  });

  const run = async (verb: string, ...more: string[]) => {
    const env = { ...aws.env, XDG_CACHE_HOME: join(place.folder, 'cache') };
    const outcome = await place.run([verb, '--cluster', aws.clusterArn, '--samples', '1', '--json', ...more], env);
    expect(outcome.status, outcome.stderr).toBe(0);
    return outcome;
  };
  const report = async (): Promise<{ report: Report; durationMs: number }> => {
    const { stdout, durationMs } = await run('report', '--environment', 'production');
    return { report: JSON.parse(stdout), durationMs };
  };
  const proxied = async (faults: { refuse?: boolean; stall?: boolean }): Promise<void> => {
    told.bootstrap = sandbox.cluster.bootstrapOf('proxied');
    for (const proxy of sandbox.cluster.proxies) await proxy.set(faults);
  };
  /** What is to be mended; what is read on request alone is none of it. */
  const faultsOf = ({ gaps }: Report) => gaps.filter(({ isFault }) => isFault);
  const passes = (made: Report): string[] =>
    made.checks.filter(({ status }) => status === 'pass').map(({ checkId }) => checkId);

  test('packets that are dropped: every section of Kafka is named, with the command that opens the port', async () => {
    const { degraded } = judged;
    const gaps = faultsOf(judged);
    expect(gaps.map(({ section }) => section).sort()).toEqual([...KAFKA].sort());
    const [path] = /ClusterInfo\.[\w.[\]]+/.exec(gaps[0]!.fix!)!;
    const id = await valueAt(path);
    expect(id).toMatch(/^sg-/);
    for (const { reason, detail, fix } of gaps) {
      expect([reason, detail]).toEqual(['unreachable', expect.stringContaining(`${blocked.address}: no connection`)]);
      expect(fix).toContain(`allow TCP ${blocked.port} in the brokers’ security group from here`);
      expect(fix).toContain('aws ec2 authorize-security-group-ingress --group-id "$(aws kafka describe-cluster-v2 ');
      expect(fix).toContain(` --cluster-arn ${aws.clusterArn} `);
      expect(fix).toContain(` --protocol tcp --port ${blocked.port} --source-group GROUP_OF_THIS_MACHINE`);
    }
    expect(degraded).toHaveLength(2);
    expect(degraded[0]).toMatch(/Kafka protocol was not read \(unreachable\).*To mend it: allow TCP/);
    expect(degraded[1]).toMatch(/partitions and in-sync replicas come from MSK's topic API/);
  });

  /** What a JMESPath of plain names and indexes finds in the control plane's own answer. */
  async function valueAt(path: string): Promise<unknown> {
    const answer: unknown = await new KafkaClient(clientFor(aws)).send(
      new DescribeClusterV2Command({ ClusterArn: aws.clusterArn }),
    );
    return path
      .split(/[.[\]]+/)
      .filter((step) => step !== '')
      .reduce((found: any, step) => found?.[step], answer);
  }

  test('what AWS can tell is judged, and nothing that nobody saw is called healthy', () => {
    const { checks, scorecard, gaps, verdict } = judged;
    const answered = checks.filter(({ status }) => ['pass', 'warn', 'fail'].includes(status));
    const ids = answered.map(({ checkId }) => checkId);
    expect(ids).toEqual(expect.arrayContaining(ANSWERED_BY_AWS));
    const unread = new Set<string>(KAFKA);
    const STOOD_IN = ['kafkaBrokers', 'kafkaTopics', 'kafkaTopicConfigs'];
    const blind = CHECKS.filter(({ needs }) => needs.some((name) => unread.has(name) && !STOOD_IN.includes(name)));
    expect(blind.length).toBeGreaterThan(10);
    expect(blind.filter(({ id }) => ids.includes(id)).map(({ id }) => id)).toEqual([]);
    const hidden = new Set(gaps.flatMap(({ hides }) => hides));
    expect(blind.filter(({ id }) => !hidden.has(id)).map(({ id }) => id)).toEqual([]);
    for (const { id, reading } of scorecard.kpis)
      if (reading.state === 'ok') expect([id, reading.source]).toEqual([id, expect.stringMatching(FROM_AWS)]);
    expect(verdict).not.toBe('pass');
  });

  test('the lag of CloudWatch is the one of Kafka’s own tool, for every group that the ranking names', async () => {
    const metrics = readValue(read.sections.metrics);
    expect(metrics.cost.ranking).toMatchObject({ calls: 1 });
    const rows = await new Witness(sandbox.cluster).groupOffsets();
    const theirs: Record<string, [sum: number, max: number]> = {};
    for (const { group, topic, lag } of rows) {
      const [sum, max] = theirs[`${group} ${topic}`] ?? [0, 0];
      theirs[`${group} ${topic}`] = [sum + Number(lag), Math.max(max, Number(lag))];
    }
    const ours: Record<string, [sum: number, max: number]> = {};
    for (const { metric, dimensions, values } of metrics.series.filter((each) => each.metric.endsWith('OffsetLag'))) {
      const pair = `${dimensions['Consumer Group']} ${dimensions.Topic}`;
      const [sum, max] = ours[pair] ?? [-1, -1];
      const last = values.findLast((value) => value !== null) ?? -1;
      ours[pair] = metric === 'SumOffsetLag' ? [last, max] : [sum, last];
    }
    expect(Object.keys(theirs).length).toBeGreaterThan(5);
    expect(Object.values(theirs).some(([sum]) => sum > 0)).toBe(true);
    expect(ours).toEqual(theirs);
    // The report lists them, with what CloudWatch knows of them.
    const named = new Map(judged.groups.rows.map(({ groupId, state, lag }) => [groupId, [state, lag]]));
    for (const group of new Set(rows.map((row) => row.group))) {
      const sum = rows.filter((row) => row.group === group).reduce((total, row) => total + Number(row.lag), 0);
      expect([group, ...(named.get(group) ?? [])]).toEqual([group, 'unknown', String(sum)]);
    }
  });

  test('the zones of the brokers come from their subnets', () => {
    const nodes = readValue(read.sections.nodes);
    expect(nodes.map(({ brokerId, azId }) => [brokerId, azId])).toEqual(
      sandbox.cluster.brokers.map(({ id, rack }) => [id, rack]),
    );
    expect(aws.requests.some(({ operation }) => operation === 'DescribeSubnets')).toBe(true);
  });

  test('a port that refuses is a broker that restarts, or the wrong port', async () => {
    await proxied({ refuse: true });
    const gaps = faultsOf((await report()).report);
    expect(gaps.map(({ section }) => section).sort()).toEqual([...KAFKA].sort());
    expect(gaps[0]).toMatchObject({ reason: 'unreachable', fix: expect.stringMatching(/^a broker that restarts/) });
  });

  test('brokers that take everything and answer nothing cost seconds, and their own sections', async () => {
    await proxied({ stall: true });
    const { report: made, durationMs } = await report();
    expect(
      faultsOf(made)
        .map(({ section, reason }) => `${section}: ${reason}`)
        .sort(),
    ).toEqual(KAFKA.map((section) => `${section}: timed-out`).sort());
    expect(passes(made)).toContain('offline-partitions');
    expect(durationMs).toBeLessThan(20_000);
  });

  test('a run with less time than such brokers take keeps its deadline, and asks AWS all the same', async () => {
    await proxied({ stall: true });
    Object.assign(process.env, aws.env);
    const startedMs = Date.now();
    const { sections } = await collectSnapshot(
      {
        target: { kind: 'msk', clusterArn: aws.clusterArn },
        windowHours: 24,
        nowMs: startedMs,
        deadlineMs: startedMs + 10_000,
        toolVersion: '0.0.0-test',
        kafkaPlan: PLAN,
      },
      {
        msk: await createMskReader({ region: aws.region }),
        cloudwatch: await createCloudWatchReader({ region: aws.region }),
        readKafka: (request) =>
          collectKafka(
            { ...request, auth: { kind: 'none' } },
            { now: Date.now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
          ),
      },
    );
    expect(Date.now() - startedMs).toBeLessThan(10_500);
    expect(sections.kafkaTopics).toMatchObject({ ok: false, reason: 'timed-out' });
    expect(readValue(sections.metrics).series.length).toBeGreaterThan(50);
    expect(readValue(sections.mskTopics).every(({ partitions }) => partitions !== null)).toBe(true);
  });

  test('what AWS denies as well is named with its permission, and no check passes on what is left', async () => {
    await proxied({ refuse: true });
    aws.injectFault({ service: 'kafka', operation: 'ListTopics', kind: '403' });
    aws.injectFault({ service: 'monitoring', operation: 'GetMetricData', kind: '403' });
    const { report: made } = await report();
    const fixes = Object.fromEntries(made.gaps.map(({ section, fix }) => [section, fix]));
    expect(fixes.mskTopics).toMatch(
      /^Allow kafka:ListTopics, .* kafka-cluster:Connect on arn:aws:kafka:.* for the caller$/,
    );
    expect(fixes.metrics).toBe('Allow cloudwatch:GetMetricData on * for the caller');
    // What the control plane alone tells.
    const needs = CHECKS.filter(({ id }) => passes(made).includes(id)).flatMap((check) => [...check.needs]);
    expect(needs.filter((name) => name.startsWith('kafka') || name === 'metrics')).toEqual([]);
    expect(passes(made)).toContain('version-unsupported');
    expect(made.verdict).not.toBe('pass');
  });

  test('a broker that dies is found, partition by partition, although Kafka was never reached', async () => {
    await sandbox.inject('kill-broker');
    for (const lasting of killBroker.persistence!) await aws.backdate(lasting);
    const witness = await new Witness(sandbox.cluster).partitions();
    const { report: made } = await report();
    const found = (checkId: string) =>
      made.findings.filter((finding) => finding.checkId === checkId).map(({ resource }) => resource);
    const offline = witness
      .filter(({ leader }) => leader === -1)
      .map(({ topic, partition }) => `${topic}-${partition}`);
    expect(offline.length).toBeGreaterThan(0);
    expect(found('offline-partitions').sort()).toEqual(offline.sort());
    expect(found('partitions-under-replicated')).toEqual(['3']);
    const behind = witness.filter(({ replicas, isr }) => isr.length < replicas.length).length;
    expect(made.checks.find(({ checkId }) => checkId === 'partitions-under-replicated')).toMatchObject({
      status: 'fail',
      summary: expect.stringContaining(`${behind} of ${witness.length} partitions under-replicated`),
    });
    expect(made.verdict).toBe('fail');
    expect(
      faultsOf(made)
        .map(({ section }) => section)
        .sort(),
    ).toEqual([...KAFKA].sort());
  });
});

function readValue<T>(section: { ok: true; value: T } | { ok: false; detail: string } | undefined): T {
  if (section?.ok !== true) throw new Error(section?.detail ?? 'not requested');
  return section.value;
}
