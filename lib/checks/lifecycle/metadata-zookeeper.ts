// Kafka 4 has no ZooKeeper: a cluster that keeps its metadata there ends at 3.9. MSK migrates in place from 3.9.x under conditions:
// docs.aws.amazon.com/msk/latest/developerguide/metadata-management.html
import { supportOf } from '../../facts/kafka-versions.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Command } from '../../text/command.ts';
import { safeLabel } from '../../text/sanitize.ts';
import { defineCheck, type RunContext } from '../check.ts';
import { awsKafka } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { clusterFinding, MSK_PROVISIONED } from '../shared/security.ts';
import { notServing } from '../shared/serving.ts';
import { severityFor } from '../shared/severity.ts';

type Cluster = Exclude<SectionValue<'cluster'>, { kind: 'serverless' }>;
/** The line from which MSK migrates in place. */
const LAST_LINE = '3.9.x';
const NEXT = 'Kafka 4';

export default defineCheck({
  id: 'metadata-zookeeper',
  area: 'lifecycle',
  title: { pass: 'Metadata is kept by KRaft', fail: 'Metadata is kept in ZooKeeper' },
  why: 'Kafka 4 cannot be reached from here, and a cluster with ZooKeeper may have 30 brokers by default where one with KRaft has 60.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/metadata-management.html',
    'https://docs.aws.amazon.com/msk/latest/developerguide/limits.html',
  ],
  appliesTo: MSK_PROVISIONED,
  notApplicable: {
    serverless: 'How MSK Serverless keeps its metadata is AWS’s own affair.',
    kafka: 'Where a cluster outside MSK keeps its metadata, the Kafka protocol does not tell for sure.',
  },
  needs: ['cluster'],
  mayUse: ['security', 'versions'],
  toleratesPartial: ['cluster', 'security', 'versions'],
  evaluate({ cluster, security, versions }, _thresholds, run) {
    if (cluster.kind === 'serverless')
      return { kind: 'not-applicable', because: 'Serverless has no metadata of its own.' };
    const early = notServing(cluster);
    if (early !== null) return early;
    const { metadataMode } = cluster;
    const all = conditionsOf(cluster, security);
    const against = all.filter(([, holds]) => holds === false).map(([what]) => what);
    const version = safeLabel(cluster.kafkaVersion ?? 'of unknown version', 40);
    return conclude({
      findings: clusterFinding(
        metadataMode === 'zookeeper' ? 'unmet' : 'met',
        run,
        severityFor(run, ['low', 'info', 'info']),
        `Kafka ${version}`,
      ),
      gap: metadataMode === 'unknown' ? 'MSK did not say where the cluster keeps its metadata' : null,
      evidence: [
        {
          title: 'Conditions of a migration in place',
          columns: [
            { key: 'what', label: 'Condition', as: 'name' },
            { key: 'holds', label: 'Holds', as: 'name' },
          ],
          rows: all.map(([what, holds]) => ({ what, holds: holds === null ? 'not known' : holds ? 'yes' : 'no' })),
          source: 'DescribeClusterV2',
        },
      ],
      pass: `Kafka ${version} keeps its metadata with KRaft.`,
      fail: () => `Kafka ${version} keeps its metadata in ZooKeeper, and cannot go to ${NEXT} before it migrates.`,
      recommend: () => ({
        action: actionOf(cluster, against),
        confirmFirst:
          'Rule out tools that talk to ZooKeeper, and clients with addresses of their own instead of the bootstrap strings.',
        commands: [
          ...awsKafka(run, 'get-compatible-kafka-versions', { purpose: 'List the versions this cluster can go to' }),
          ...nextStep(cluster, versions, against, run),
        ],
        risk: 'There is no way back to ZooKeeper. Every broker restarts, so topics with one replica or min.insync.replicas equal to their replicas stop meanwhile.',
        expectedEffect: 'Kafka 4 and later can be reached, and failovers of the controller take less time.',
        verifyAfter:
          'DescribeClusterV2 shows a version that ends in .kraft and state ACTIVE, and no partition is under-replicated.',
        effort: against.length === 0 ? 'rollingRestart' : 'migration',
        impact: { kind: 'none' },
      }),
    });
  },
});

const isLast = ({ kafkaVersion }: Cluster) => kafkaVersion !== null && supportOf(kafkaVersion)?.line === LAST_LINE;

/** A condition in words, and whether it holds; null: not known. Kafka's version is a step, no condition. */
function conditionsOf(
  cluster: Cluster,
  security: Collected<SectionValue<'security'>>,
): (readonly [what: string, holds: boolean | null])[] {
  const told = security.ok ? security.value : null;
  const monitored = told === null ? null : Object.values(told.openMonitoring).includes(true);
  const isPublic = told === null || told.publicAccess === null ? null : told.publicAccess !== 'DISABLED';
  return [
    ['three availability zones', cluster.kind !== 'provisioned-standard' || cluster.azCount >= 3],
    ['brokers other than t3.small', !cluster.instanceType.startsWith('kafka.t3.')],
    [
      'not both public access and open monitoring',
      isPublic === false || monitored === false ? true : isPublic === null || monitored === null ? null : false,
    ],
    ['access to ZooKeeper turned off', null],
    ['no advertised.listeners set dynamically', null],
  ];
}

function actionOf(cluster: Cluster, against: readonly string[]): string {
  if (against.length > 0)
    return `Plan a new cluster with KRaft and move to it with MSK Replicator, or first meet what a migration in place needs: ${against.join(', ')}`;
  return isLast(cluster)
    ? 'Turn access to ZooKeeper off, then migrate in place to KRaft, after a rehearsal on a test cluster'
    : `Upgrade to ${LAST_LINE} first, then migrate in place to KRaft, after a rehearsal on a test cluster`;
}

function nextStep(
  cluster: Cluster,
  versions: Collected<SectionValue<'versions'>>,
  against: readonly string[],
  run: RunContext,
): Command[] {
  if (against.length > 0) return [];
  const target = isLast(cluster) ? `${LAST_LINE}.kraft` : LAST_LINE;
  const offered = versions.ok ? versions.value.upgradeTargets : null;
  if (offered !== null && !offered.includes(target)) return [];
  return awsKafka(run, 'update-cluster-kafka-version', {
    purpose: isLast(cluster) ? 'Migrate to KRaft, restarting the brokers' : `Upgrade to ${target} first`,
    effect: 'change',
    args: ['--current-version', { variable: 'CURRENT_VERSION' }, '--target-kafka-version', target],
  });
}
