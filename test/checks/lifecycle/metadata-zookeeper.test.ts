import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../../lib/snapshot/aws-sections.ts';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const ID = 'metadata-zookeeper';
type Standard = Extract<Cluster, { kind: 'provisioned-standard' }>;
const old = (fields: Partial<Standard> = {}) =>
  aSnapshot()
    .withSecurity()
    .withCluster({ metadataMode: 'zookeeper', kafkaVersion: '3.9.x', ...fields });

describe(ID, () => {
  describeVerdicts(ID, [
    ['passes: KRaft', aSnapshot(), 'pass'],
    ['warns: ZooKeeper', old(), 'warn', 'low orders'],
    ['no-data: MSK does not say', old({ metadataMode: 'unknown' }), 'no-data'],
    ['no-data: a cluster that is being created', old({ state: 'CREATING' }), 'no-data'],
    ['no-data: not described', old().without('cluster', 'not-permitted'), 'no-data'],
    ['warns: without the security settings', old().without('security', 'not-permitted'), 'warn', 'low orders'],
    ['not applicable: Serverless', old().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aSnapshot().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities(ID, old, { production: 'low', staging: 'info', development: 'info' });

  const step = (source: ReturnType<typeof old>) => {
    const { action, commands } = runCheck(ID, source).recommendation!;
    return [action.split(' ').slice(0, 3).join(' '), commands.at(-1)?.argv.at(-1)];
  };

  test.each<[string, ReturnType<typeof old>, string, string]>([
    ['from 3.9 in place', old(), 'Turn access to', '3.9.x.kraft'],
    ['from older lines to 3.9 first', old({ kafkaVersion: '3.6.0' }), 'Upgrade to 3.9.x', '3.9.x'],
  ])('%s', (_why, source, action, target) => {
    expect(step(source)).toEqual([action, target]);
  });

  test.each<[string, ReturnType<typeof old>]>([
    ['two zones', old({ azCount: 2 })],
    ['t3.small', old({ instanceType: 'kafka.t3.small' })],
    [
      'public access with open monitoring',
      old().withSecurity({
        publicAccess: 'SERVICE_PROVIDED_EIPS',
        openMonitoring: { jmxExporter: true, nodeExporter: false },
      }),
    ],
  ])('not in place: %s', (_why, source) => {
    const { action, commands } = runCheck(ID, source).recommendation!;
    expect(action).toMatch(/^Plan a new cluster/);
    expect(commands.map(({ argv }) => argv[2])).toEqual(['get-compatible-kafka-versions']);
  });

  test('no command for a target that MSK does not offer', () => {
    const snapshot = old().withSection('versions', { status: 'ACTIVE', upgradeTargets: ['3.9.x'] });
    expect(runCheck(ID, snapshot).recommendation!.commands).toHaveLength(1);
  });
});
