// Every call of the control plane failing in every way: what it costs, what is told, and that the rest is read.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ControlPlane } from '../../../lib/collect/msk/control-plane.ts';
import { describedCluster } from '../../../sandbox/aws/msk/cluster-kinds.ts';
import { inFastTime } from '../fast-time.ts';
import { type MskFront, startMskFront, without } from './msk-front.ts';

const KIND = 'standard-kraft';
const CLUSTER = /arn:aws:kafka:us-east-1:111122223333:cluster\/standard-kraft\/[\w-]+/.source;

interface Call {
  operation: string;
  section: keyof ControlPlane;
  /** What a permission for it must cover. */
  resource: string;
  /** The section outlives the failure of this one call. */
  isPart?: boolean;
}

const CALLS: readonly Call[] = [
  { operation: 'DescribeClusterV2', section: 'cluster', resource: CLUSTER },
  { operation: 'ListNodes', section: 'nodes', resource: CLUSTER },
  { operation: 'GetBootstrapBrokers', section: 'bootstrap', resource: '\\*' },
  { operation: 'ListClusterOperationsV2', section: 'operations', resource: CLUSTER },
  { operation: 'DescribeClusterOperationV2', section: 'operations', resource: '\\*', isPart: true },
  { operation: 'ListScramSecrets', section: 'security', resource: CLUSTER, isPart: true },
  { operation: 'ListKafkaVersions', section: 'versions', resource: '\\*', isPart: true },
  { operation: 'GetCompatibleKafkaVersions', section: 'versions', resource: '\\*', isPart: true },
  { operation: 'ListTagsForResource', section: 'tags', resource: CLUSTER },
];

// One front and one client a test: a throttled client paces its next calls.
let front: MskFront;
beforeEach(async () => {
  front = await startMskFront();
  front.answer(KIND, { DescribeClusterV2: { clusterInfo: without(describedCluster(KIND), 'tags') } });
});
afterEach(() => front.close());

/** What is said about the section, whether it is there or not. */
function told(sections: ControlPlane, { section }: Call): string {
  const outcome = sections[section];
  return outcome.ok ? (outcome.partial ?? '') : `${outcome.reason}: ${outcome.detail}. ${outcome.fix ?? ''}`;
}

function missingOf(sections: ControlPlane): string[] {
  return Object.entries(sections).flatMap(([name, section]) => (section.ok ? [] : [name]));
}

/** Without its description a cluster has neither flags nor a known configuration. */
function lostWith({ section, isPart }: Call): string[] {
  if (isPart) return [];
  return section === 'cluster' ? ['cluster', 'security', 'configuration'] : [section];
}

describe.each(CALLS)('$operation', (call) => {
  const { operation, resource } = call;

  test('refused: the permission is named, the rest is read', async () => {
    front.faults.inject({ service: 'kafka', operation, kind: '403' });
    const sections = await front.collect(KIND);
    expect(missingOf(sections)).toEqual(lostWith(call));
    expect(told(sections, call)).toMatch(new RegExp(`Allow kafka:${operation} on ${resource} for the caller`));
    expect(front.requests.filter((each) => each.operation === operation)).toHaveLength(1);
  });

  test.each(['429', '500', 'cut'] as const)(
    'answered once by %s: asked again, and nothing is missing',
    async (kind) => {
      front.faults.inject({ service: 'kafka', operation, kind, times: 1 });
      const { value: sections } = await inFastTime(() => front.collect(KIND, { deadlineMs: 60_000 }));
      expect(missingOf(sections)).toEqual([]);
      expect(told(sections, call)).toBe('');
      expect(front.requests.filter((each) => each.operation === operation)).toHaveLength(2);
    },
  );

  test('silent: given up at the deadline, the rest is read', async () => {
    front.answer(KIND, {
      DescribeClusterV2: { clusterInfo: without(describedCluster(KIND), 'tags') },
      [operation]: () => new Promise<object>(() => {}),
    });
    const { value: sections } = await inFastTime(() => front.collect(KIND, { deadlineMs: 4_000 }));
    if (operation === 'DescribeClusterV2') expect(Object.values(sections).some(({ ok }) => ok)).toBe(false);
    else expect(missingOf(sections)).toEqual(lostWith(call));
    expect(told(sections, call)).toMatch(/no answer in time/);
  });
});

test.each([
  ['429', 'throttled', 'because of too many requests'],
  ['500', 'failed', 'AWS failed to answer'],
  ['cut', 'unreachable', 'could not be reached'],
] as const)('every call answered by %s for ever: every section says so', async (kind, reason, words) => {
  front.faults.inject({ service: 'kafka', operation: '*', kind });
  const { value: sections, tookMs } = await inFastTime(() => front.collect(KIND, { deadlineMs: 120_000 }));
  expect(missingOf(sections)).toEqual(Object.keys(sections));
  for (const section of Object.values(sections)) {
    expect(section).toMatchObject({ ok: false, reason, detail: expect.stringContaining(words) });
  }
  expect(tookMs).toBeLessThan(120_000);
});
