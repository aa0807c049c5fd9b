import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { replyOf } from '../../functions/reply.ts';
import { parseReportEvent } from '../../functions/report-event.ts';
import { type RunPorts, runReport } from '../../functions/run-report.ts';
import type { SamplingPolicy } from '../../lib/policy/policy.ts';
import type { TopicMessage } from '../../lib/publish/sns.ts';
import type { Snapshot } from '../../lib/snapshot/schema.ts';
import { aSnapshot, CLUSTER_ARN } from '../builders/a-snapshot.ts';
import { MemoryStore } from '../publish/memory-store.ts';

const SETTINGS = { policyKey: 'v1/config/msk-checkup.yaml', scheduleTimeZone: 'UTC' };
const SCHEDULED = { clusterArn: CLUSTER_ARN, scheduledTime: '2026-11-20T06:15:00Z' };
const DAY_MS = 24 * 3_600_000;

interface World extends RunPorts {
  store: MemoryStore;
  collected: SamplingPolicy[];
  sent: TopicMessage[];
  snapshot: Snapshot;
}

function aWorld(snapshot: Snapshot = aSnapshot().withTopic('orders').build()): World {
  const world: World = {
    store: new MemoryStore(),
    collected: [],
    sent: [],
    snapshot,
    collect: async (_, sampling) => {
      world.collected.push(sampling);
      return world.snapshot;
    },
    publish: async (message) => `id-${world.sent.push(message)}`,
    now: () => Date.UTC(2026, 10, 20, 6, 17),
    locationOf: (key) => `s3://reports/${key}`,
  };
  return world;
}

const run = (world: World, event: object) =>
  runReport(
    parseReportEvent(event, () => crypto.randomUUID()),
    SETTINGS,
    world,
  );

function later(snapshot: Snapshot, ms: number): Snapshot {
  return { ...snapshot, takenAtMs: snapshot.takenAtMs + ms };
}

describe('a scheduled run', () => {
  test('publishes report, latest and message under the documented keys', async () => {
    const world = aWorld();
    const { keys, fresh } = await run(world, SCHEDULED);
    expect(fresh).toBe(true);
    const of = 'account=111122223333/region=eu-west-1/cluster=orders~a1b2c3d4/dt=2026-11-20/run=20261120T0615Z';
    expect(keys.html).toBe(`v1/reports/${of}/report.html`);
    expect([...world.store.objects.keys()].sort()).toEqual(
      [keys.html, keys.json, keys.latest, keys.sent('sns'), keys.snapshot].sort(),
    );
    expect(world.store.text(keys.html)).toContain('<html');
    expect(world.sent[0]?.attributes).toMatchObject({ kind: 'cluster', cluster: 'orders', runId: '20261120T0615Z' });
    expect(world.sent[0]?.body).not.toContain('X-Amz-Signature');
  });

  test('delivered twice is published once: no second collection, report or message', async () => {
    const world = aWorld();
    await run(world, SCHEDULED);
    const writes = [...world.store.writes];
    const again = await run(world, { ...SCHEDULED, scheduledTime: '2026-11-20T06:15:30Z' });
    expect(again.fresh).toBe(false);
    expect(world.store.writes).toEqual(writes);
    expect(world.collected).toHaveLength(1);
    expect(world.sent).toHaveLength(1);
  });

  test('that died before its message sends it at the next attempt', async () => {
    const world = aWorld();
    let down = true;
    world.publish = async (message) => {
      if (down) throw new Error('SNS is down');
      return `id-${world.sent.push(message)}`;
    };
    await expect(run(world, SCHEDULED)).rejects.toThrow('SNS is down');
    down = false;
    await run(world, SCHEDULED);
    expect(world.sent).toHaveLength(1);
    expect(world.collected).toHaveLength(1);
  });

  test('that died before its commit judges the snapshot it had taken, not a new one', async () => {
    const world = aWorld();
    world.store.failOnce = 'report.json';
    await expect(run(world, SCHEDULED)).rejects.toThrow('SlowDown');
    world.snapshot = later(world.snapshot, 60_000);
    const { report } = await run(world, SCHEDULED);
    expect(world.collected).toHaveLength(1);
    expect(report.takenAtMs).toBe(Date.UTC(2026, 10, 20, 6, 15));
  });

  test('two attempts at once agree byte for byte, and one message goes out', async () => {
    const world = aWorld();
    const both = await Promise.all([run(world, SCHEDULED), run(world, SCHEDULED)]);
    expect(both.filter(({ fresh }) => fresh)).toHaveLength(1);
    expect(JSON.stringify(both[0].report)).toBe(JSON.stringify(both[1].report));
    expect(world.sent).toHaveLength(1);
  });

  test('of the next day says what is new since', async () => {
    const world = aWorld();
    await run(world, SCHEDULED);
    world.snapshot = later(aSnapshot().withTopic('orders').withTopic('solo', { replicationFactor: 1 }).build(), DAY_MS);
    const { report } = await run(world, { ...SCHEDULED, scheduledTime: '2026-11-21T06:15:00Z' });
    expect(report.changes.previous?.runId).toBe('20261120T0615Z');
    expect(report.changes.new).toHaveLength(1);
  });
});

describe('a run on demand', () => {
  test('is stored, mails nobody, and is never the baseline', async () => {
    const world = aWorld();
    const { keys } = await run(world, { clusterArn: CLUSTER_ARN });
    expect(world.store.objects.has(keys.json)).toBe(true);
    expect(world.store.objects.has(keys.latest)).toBe(false);
    expect(world.sent).toEqual([]);
    expect(world.collected).toEqual([{ samples: 1, intervalSec: 1, readData: false, openMonitoring: false }]);
  });
});

describe('formats', () => {
  test('without html leave report.html out, and the reply names the JSON', async () => {
    const world = aWorld();
    const { keys, reportKey } = await run(world, { clusterArn: CLUSTER_ARN, formats: ['json'] });
    expect(reportKey).toBe(keys.json);
    expect(world.store.objects.has(keys.json)).toBe(true);
    expect(world.store.objects.has(keys.html)).toBe(false);
  });

  test('are all of them unless told', async () => {
    const { keys, reportKey } = await run(aWorld(), { clusterArn: CLUSTER_ARN });
    expect(reportKey).toBe(keys.html);
  });
});

describe('what is stored of the snapshot', () => {
  test('holds no address, and the account: it stays in its bucket, and its ARNs go into commands', async () => {
    const world = aWorld();
    const { keys } = await run(world, SCHEDULED);
    const text = gunzipSync(world.store.objects.get(keys.snapshot)!.body).toString('utf8');
    expect(text).toContain(CLUSTER_ARN);
    expect(text).not.toContain('example.test');
    expect(JSON.parse(text)).toMatchObject({ redacted: true });
  });
});

describe('the policy in the bucket', () => {
  const type = { contentType: 'application/yaml' };

  test('decides how the offsets are sampled', async () => {
    const world = aWorld();
    await world.store.put(SETTINGS.policyKey, 'version: 1\nsampling:\n  samples: 4\n  intervalSec: 50\n', type);
    await run(world, SCHEDULED);
    expect(world.collected).toEqual([{ samples: 4, intervalSec: 50, readData: false, openMonitoring: false }]);
  });

  test('alone opts in to reading record batches: the event of a caller cannot, and asking on demand keeps the choice', async () => {
    const world = aWorld();
    await run(world, { clusterArn: CLUSTER_ARN });
    await world.store.put(SETTINGS.policyKey, 'version: 1\nsampling: { readData: true }\n', type);
    await run(world, { clusterArn: CLUSTER_ARN });
    expect(world.collected).toEqual([
      { samples: 1, intervalSec: 1, readData: false, openMonitoring: false },
      { samples: 1, intervalSec: 1, readData: true, openMonitoring: false },
    ]);
    expect(() => run(world, { clusterArn: CLUSTER_ARN, readData: true })).toThrow('unknown key "readData"');
  });

  test('that is bad keeps the last good one, and the report says so', async () => {
    const world = aWorld();
    await world.store.put(SETTINGS.policyKey, 'version: 1\ngoal: latency\n', type);
    await run(world, SCHEDULED);
    await world.store.put(SETTINGS.policyKey, 'version: 1\ngaol: latency\n', type);
    world.snapshot = later(world.snapshot, DAY_MS);
    const { report, policyRejected } = await run(world, { ...SCHEDULED, scheduledTime: '2026-11-21T06:15:00Z' });
    expect(policyRejected).toBe(true);
    expect(report.goal.value).toBe('latency');
    expect(report.notices.join(' ')).toMatch(/policy was refused .*gaol.* the last valid policy was used/);
  });

  test('that did not change is taken as it was read: the parser is not needed', async () => {
    const world = aWorld();
    await world.store.put(SETTINGS.policyKey, 'version: 1\ngoal: latency\n', type);
    const first = await run(world, SCHEDULED);
    const kept = 'v1/latest/policy/msk-checkup.json';
    expect(JSON.parse(world.store.text(kept)!)).toEqual({
      text: 'version: 1\ngoal: latency\n',
      overrides: { version: 1, goal: 'latency' },
    });
    world.snapshot = later(world.snapshot, DAY_MS);
    const second = await run(world, { ...SCHEDULED, scheduledTime: '2026-11-21T06:15:00Z' });
    expect([first, second].map(({ report }) => report.goal.value)).toEqual(['latency', 'latency']);
    expect(world.store.writes.filter((key) => key === kept)).toHaveLength(1);
  });

  test.each([
    ['another form', '{"text":"version: 1\\ngoal: latency\\n","overrides":{"version":1,"gaol":"latency"}}'],
    ['half a file', '{"text":'],
  ])('is read anew where what is kept of it is %s', async (_, kept) => {
    const world = aWorld();
    await world.store.put(SETTINGS.policyKey, 'version: 1\ngoal: latency\n', type);
    await world.store.put('v1/latest/policy/msk-checkup.json', kept, type);
    expect((await run(world, SCHEDULED)).report.goal.value).toBe('latency');
  });
});

test('the reply is the contract: summary, place, and no link unless one is given', async () => {
  const { report, keys } = await run(aWorld(), SCHEDULED);
  const reply = replyOf(report, keys.html, null);
  expect(reply).toMatchObject({ ok: true, runId: '20261120T0615Z', clusterArn: CLUSTER_ARN, reportKey: keys.html });
  expect(Object.keys(reply).sort()).toEqual(
    [
      'ok',
      'runId',
      'clusterArn',
      'verdict',
      'score',
      'coverage',
      'degraded',
      'reportKey',
      'counts',
      'topFindings',
      'changes',
      'costUsd',
    ].sort(),
  );
  expect(replyOf(report, keys.html, { url: 'https://x', expiresAtMs: 0 })).toMatchObject({
    reportUrl: 'https://x',
    expiresAt: '1970-01-01T00:00:00.000Z',
  });
});
