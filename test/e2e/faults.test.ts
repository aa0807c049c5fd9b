// Every fault on a real cluster trips the check it must, names the right resource, and is gone after `heal`.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../lib/report/report.ts';
import { runKafkaTool } from '../../sandbox/kafka/tools.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { cannotRun, findingsOf, type Inspection, inspectUntil, isFull, KAFKA_VERSIONS, statusOf } from './live.ts';

interface Case {
  fault: string;
  /** The check it must trip, and what its findings must name. */
  trips: Record<string, (report: Report, sandbox: Sandbox) => Promise<void> | void>;
}

const CASES: readonly Case[] = [
  { fault: 'min-isr-equal-rf', trips: { 'min-isr-equal-rf': names('payments') } },
  { fault: 'stall-consumer', trips: { 'consumer-stalled': names('billing') } },
  { fault: 'retention-loss', trips: { 'records-lost-to-retention': names('ledger') } },
  { fault: 'skew-leaders', trips: { 'leaders-skewed': names('1') } },
  { fault: 'fill-disk', trips: { 'disk-used-high': names('1') } },
  {
    fault: 'kill-broker',
    trips: {
      'partitions-under-replicated': names('3'),
      'offline-partitions': async (report, sandbox) => {
        const out = await runKafkaTool(sandbox.cluster, 'kafka-topics', ['--describe', '--unavailable-partitions']);
        const offline = [...out.matchAll(/Topic:\s*(\S+)\s+Partition:\s*(\d+)/g)].map(
          ([, topic, p]) => `${topic}-${p}`,
        );
        expect(offline.length).toBeGreaterThan(0);
        expect(findingsOf(report, 'offline-partitions').sort()).toEqual(offline.sort());
      },
    },
  },
];

/** One of a topic's settings, one of a consumer, one of a broker: the others have no room in the ten minutes of `npm test`. */
const IN_EVERY_RUN: readonly string[] = ['min-isr-equal-rf', 'stall-consumer', 'kill-broker'];

/** The finding's resource is the name itself, or begins with it: `billing/orders`. */
function names(resource: string) {
  return (report: Report, _sandbox: Sandbox, checkId = ''): void => {
    const found = findingsOf(report, checkId);
    expect(
      found.some((name) => name === resource || name.split('/')[0] === resource),
      `${checkId}: ${found.join(', ')}`,
    ).toBe(true);
  };
}

const tripped = (report: Report, checkId: string) => ['warn', 'fail'].includes(statusOf(report, checkId));

describe.skipIf(cannotRun).each(KAFKA_VERSIONS.map((version) => ({ version })))('Kafka $version', ({ version }) => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox({ kafka: version, profile: 'healthy', aws: true, log: () => {} });
  });
  afterAll(async () => await sandbox?.stop());

  const isClear = (checkIds: string[]) => (inspection: Inspection) =>
    checkIds.every((checkId) => statusOf(inspection.report, checkId) === 'pass');

  test.each(isFull ? CASES : CASES.filter(({ fault }) => IN_EVERY_RUN.includes(fault)))(
    '$fault turns its check and heals',
    async ({ fault, trips }) => {
      const checkIds = Object.keys(trips);
      const before = await inspectUntil(sandbox, isClear(checkIds));
      expect(checkIds.map((id) => [id, statusOf(before.report, id)])).toEqual(checkIds.map((id) => [id, 'pass']));

      await sandbox.inject(fault);
      const during = await inspectUntil(sandbox, ({ report }) => checkIds.every((id) => tripped(report, id)), 45_000);
      for (const [checkId, check] of Object.entries(trips)) {
        expect(['warn', 'fail'], `${checkId}: ${statusOf(during.report, checkId)}`).toContain(
          statusOf(during.report, checkId),
        );
        await (check as (report: Report, sandbox: Sandbox, id: string) => Promise<void> | void)(
          during.report,
          sandbox,
          checkId,
        );
      }

      await sandbox.heal();
      const after = await inspectUntil(sandbox, isClear(checkIds));
      expect(checkIds.map((id) => [id, statusOf(after.report, id)])).toEqual(checkIds.map((id) => [id, 'pass']));
    },
    180_000,
  );
});
