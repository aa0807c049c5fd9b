// What AWS refuses, fails or delays: the report still comes, with what could be read, and says what is missing and how to mend it.
import { describe, expect, test } from 'vitest';
import { plannedSections, reportPlan } from '../../lib/collect/kafka/plan.ts';
import type { Report } from '../../lib/report/report.ts';
import type { FaultKind } from '../../sandbox/aws/faults.ts';
import type { AwsWorld } from './aws-world.ts';
import { complaints, expectNoLeak, expectRefusal } from './command-line.ts';

const KAFKA = plannedSections(reportPlan({ samples: 1, intervalSec: 1 }));

/** Each operation, IAM's name of it, the sections that go with it, and what it is allowed on. */
const DENIED: readonly [service: string, operation: string, action: string, sections: readonly string[]][] = [
  ['kafka', 'DescribeClusterV2', 'kafka:DescribeClusterV2', ['cluster', 'configuration', 'security', 'storageScaling']],
  ['kafka', 'ListNodes', 'kafka:ListNodes', ['nodes']],
  ['kafka', 'GetBootstrapBrokers', 'kafka:GetBootstrapBrokers', ['bootstrap', 'connectors', ...KAFKA]],
  ['kafka', 'DescribeConfigurationRevision', 'kafka:DescribeConfigurationRevision', ['configuration']],
  ['kafka', 'ListClusterOperationsV2', 'kafka:ListClusterOperationsV2', ['operations']],
  ['monitoring', 'GetMetricData', 'cloudwatch:GetMetricData', ['metrics']],
];

export function awsFaults(world: () => AwsWorld): void {
  const inject = (service: string, operation: string, kind: FaultKind, more = {}) =>
    world().aws.injectFault({ service, operation, kind, ...more });
  const report = async (): Promise<{ report: Report; durationMs: number }> => {
    const outcome = await world().run('--json');
    expect(outcome.status, outcome.stderr).toBe(0);
    expect(complaints(outcome.stderr)).toEqual([]);
    expectNoLeak(outcome);
    return { report: JSON.parse(outcome.stdout), durationMs: outcome.durationMs };
  };
  /** What is to be mended; what is read on request alone is none of it. */
  const gapsOf = ({ gaps }: Report) =>
    gaps
      .filter(({ isFault }) => isFault)
      .map(({ section, reason }) => `${section}: ${reason}`)
      .sort();

  describe('without one permission', () => {
    test.each(DENIED)(
      '%s:%s the report comes, and exactly its sections name %s',
      async (service, operation, action, sections) => {
        inject(service, operation, '403');
        const gaps = (await report()).report.gaps.filter(({ isFault }) => isFault);
        expect(gaps.map(({ section }) => section).sort()).toEqual([...sections].sort());
        for (const { reason, fix } of gaps) {
          expect(reason).toBe('not-permitted');
          expect(fix).toMatch(new RegExp(`^Allow ${action} on (\\*|arn:aws:kafka:\\S+) for the caller$`));
        }
      },
    );

    test('to read tags, where the description holds none', async () => {
      inject('kafka', 'DescribeClusterV2', '403');
      inject('kafka', 'ListTagsForResource', '403');
      expect(gapsOf((await report()).report)).toContain('tags: not-permitted');
    });

    test('to read anything ends with 3 and the page that has the policy', async () => {
      inject('kafka', '*', '403');
      expectRefusal(await world().run(), 3, /may read nothing of arn:.*docs\/permissions\.md has the read-only policy/);
      expect(world().place.files()).toEqual([]);
    });
  });

  describe('with an AWS in trouble', () => {
    test('a burst of throttling is waited out', async () => {
      inject('kafka', '*', '429', { times: 2 });
      inject('monitoring', '*', '429', { times: 2 });
      expect(gapsOf((await report()).report)).toEqual([]);
    });

    test.each([
      ['500', 'failed'],
      ['cut', 'unreachable'],
    ] as const)('an operation that always answers %s is one section, %s', async (kind, reason) => {
      inject('kafka', 'ListNodes', kind);
      const { report: made, durationMs } = await report();
      expect(gapsOf(made)).toEqual([`nodes: ${reason}`]);
      expect(durationMs).toBeLessThan(20_000);
    });

    test('slow answers are waited for', async () => {
      inject('kafka', '*', 'slow', { delayMs: 1_500 });
      expect(gapsOf((await report()).report)).toEqual([]);
    });

    test.each([
      ['500', /AWS failed to answer \(InternalServerErrorException, us-east-1\): run again/],
      ['cut', /AWS could not be reached \(ECONNRESET, us-east-1\)/],
    ] as const)('all of it answering %s ends with 3', async (kind, line) => {
      inject('kafka', '*', kind);
      expectRefusal(await world().run(), 3, line);
      expect(world().place.files()).toEqual([]);
    });
  });
}
