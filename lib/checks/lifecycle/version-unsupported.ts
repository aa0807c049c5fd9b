// How long Amazon MSK still supports the cluster's Kafka version. After the end MSK may upgrade the cluster by itself, at a time of its
// own choosing. The dates are a dated table; an unknown version is not judged.
import { DEPRECATED, versionSupport } from '../../analysis/version-support.ts';
import {
  KAFKA_VERSIONS,
  KAFKA_VERSIONS_AS_OF,
  KAFKA_VERSIONS_SOURCE,
  metadataModeOf,
} from '../../facts/kafka-versions.ts';
import type { Cluster } from '../../snapshot/aws-sections.ts';
import { safeLabel } from '../../text/sanitize.ts';
import { formatDate, formatQuantity } from '../../text/units.ts';
import {
  defineCheck,
  type Evidence,
  type Outcome,
  type Recommendation,
  type RunContext,
  type Severity,
  type SeverityByEnvironment,
} from '../check.ts';
import { awsKafka } from '../shared/commands.ts';
import { milder } from '../shared/severity.ts';

const PAST_END: SeverityByEnvironment = { production: 'critical', staging: 'high', development: 'medium' };
/** Before the end: how many steps milder than in production. */
const MILDER_BY = { production: 0, staging: 1, development: 2 } as const;

export default defineCheck({
  id: 'version-unsupported',
  area: 'lifecycle',
  title: { pass: 'Kafka version supported by MSK', fail: 'Kafka version at or near the end of its support' },
  why: 'After the end of support MSK may upgrade the cluster without further notice; until then it gets no fixes.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html',
    'https://docs.aws.amazon.com/msk/latest/developerguide/version-support.html',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: {
    serverless: 'AWS chooses the Kafka version of MSK Serverless.',
    kafka: "The dates are Amazon MSK's; they say nothing about other clusters.",
  },
  needs: ['cluster'],
  mayUse: ['versions'],
  toleratesPartial: ['versions'],
  evaluate({ cluster, versions }, { highDays, mediumDays, maxTableAgeDays }, run) {
    const version = cluster.kind === 'serverless' ? null : cluster.kafkaVersion;
    if (version === null) return { kind: 'no-data', because: 'MSK did not say which Kafka version the cluster runs.' };
    const shown = safeLabel(version, 40);
    const offered = versions.ok ? versions.value.upgradeTargets : null;
    const told = versionSupport(version, versions, { takenAtMs: run.takenAtMs, maxTableAgeDays });
    if (told.unknown !== null) return { kind: 'no-data', because: `Kafka ${shown} ${told.unknown}.` };
    const { endMs, status, daysLeft } = told;
    const evidence = [table(version, told.support?.line ?? null, endMs, status)];
    if (daysLeft === null) {
      const said = status === 'ACTIVE' ? ", and MSK's list has it as ACTIVE" : '';
      const summary = `No end of support is announced for Kafka ${shown} (table of ${KAFKA_VERSIONS_AS_OF})${said}.`;
      return { kind: 'pass', summary, evidence };
    }
    if (endMs === null || told.byList) return deprecated(cluster, version, offered, evidence, run);
    const steps: readonly [Severity, number, boolean][] = [
      [PAST_END[run.environment], 0, daysLeft <= 0],
      [milder('high', MILDER_BY[run.environment]), highDays, daysLeft < highDays],
      [milder('medium', MILDER_BY[run.environment]), mediumDays, daysLeft < mediumDays],
    ];
    const step = steps.find(([, , applies]) => applies);
    const end = formatDate(endMs);
    const days = formatQuantity(Math.abs(daysLeft), 'days');
    if (step === undefined)
      return { kind: 'pass', summary: `Kafka ${shown} is supported until ${end}, for ${days} more.`, evidence };
    const [severity, limit] = step;
    return {
      kind: 'findings',
      summary:
        daysLeft <= 0
          ? `Support of Kafka ${shown} ended on ${end}, ${days} ago: MSK may upgrade the cluster at any time.`
          : `Support of Kafka ${shown} ends on ${end}, in ${days} (limit ${formatQuantity(limit, 'days')}).`,
      findings: [
        {
          scope: 'cluster',
          resource: run.clusterName,
          severity,
          measured: daysLeft,
          limit,
          unit: 'days',
          note: `Kafka ${shown}, support ${daysLeft <= 0 ? 'ended' : 'ends'} on ${end}`,
          confidence: 1,
        },
      ],
      evidence,
      recommendation: recommend(cluster, version, offered, run),
    };
  },
});

/** As past its end, whatever date the table has. */
function deprecated(
  cluster: Cluster,
  version: string,
  offered: readonly string[] | null,
  evidence: readonly Evidence[],
  run: RunContext,
): Outcome {
  const note = `MSK lists Kafka ${safeLabel(version, 40)} as ${DEPRECATED}`;
  return {
    kind: 'findings',
    summary: `${note}: it may upgrade the cluster at any time.`,
    findings: [
      {
        scope: 'cluster',
        resource: run.clusterName,
        severity: PAST_END[run.environment],
        measured: 0,
        limit: 0,
        unit: 'days',
        note,
        confidence: 1,
      },
    ],
    evidence,
    recommendation: recommend(cluster, version, offered, run),
  };
}

function table(version: string, line: string | null, endMs: number | null, status: string | null): Evidence {
  return {
    title: "The version in AWS's table",
    columns: [
      { key: 'version', label: 'Kafka version', as: 'name' },
      { key: 'line', label: 'Line in the table', as: 'name' },
      { key: 'end', label: 'End of support', as: 'name' },
      { key: 'status', label: "In MSK's list", as: 'name' },
    ],
    rows: [{ version, line, end: endMs === null ? 'none announced' : formatDate(endMs), status }],
    source: `DescribeClusterV2; ListKafkaVersions; ${KAFKA_VERSIONS_SOURCE} as of ${KAFKA_VERSIONS_AS_OF}`,
  };
}

/**
 * The newest later line without an announced end that keeps how the cluster holds its metadata, of those MSK offers. Another major version
 * drops what old clients speak: only where this one has no such line, and MSK's own list offers it.
 */
function targetOf(cluster: Cluster, version: string, offered: readonly string[] | null): string | null {
  if (cluster.kind === 'serverless') return null;
  const suffix = version.endsWith('.kraft') ? '.kraft' : '';
  const mode = metadataModeOf(version) ?? 'zookeeper';
  const [major, minor] = numbersOf(version);
  const later = KAFKA_VERSIONS.filter(({ line, endOfSupportDate, metadataModes }) => {
    const [itsMajor, itsMinor] = numbersOf(line);
    const isNewer = itsMajor > major ? offered !== null : itsMajor === major && itsMinor > minor;
    return isNewer && endOfSupportDate === null && metadataModes.includes(mode);
  });
  const targets = later.filter(({ line }) => offered === null || offered.includes(line + suffix));
  const same = targets.findLast(({ line }) => numbersOf(line)[0] === major);
  const target = same ?? targets.at(-1);
  return target === undefined ? null : target.line + suffix;
}

/** Major and minor of `3.9.x.kraft`. */
function numbersOf(version: string): [major: number, minor: number] {
  const [major, minor] = version.split('.').map(Number);
  return [major ?? Number.NaN, minor ?? Number.NaN];
}

function recommend(
  cluster: Cluster,
  version: string,
  offered: readonly string[] | null,
  run: RunContext,
): Recommendation {
  const target = targetOf(cluster, version, offered);
  return {
    action: `Upgrade to ${target ?? 'a supported version'} in a window of your choosing, after a rehearsal on a test cluster`,
    confirmFirst:
      'Rule out clients too old for the new version, and check that every broker is below its partition limit: MSK refuses the upgrade above it.',
    commands: [
      ...awsKafka(run, 'get-compatible-kafka-versions', { purpose: 'List the versions this cluster can go to' }),
      ...(target === null
        ? []
        : awsKafka(run, 'update-cluster-kafka-version', {
            purpose: `Upgrade to ${target}, restarting the brokers one after the other`,
            effect: 'change',
            args: ['--current-version', { variable: 'CURRENT_VERSION' }, '--target-kafka-version', target],
          })),
    ],
    risk: 'There is no way back to the old version; every broker restarts once, so topics with one replica or min.insync.replicas equal to their replicas stop meanwhile.',
    expectedEffect: 'The cluster gets fixes again, and MSK has no reason to upgrade it unasked.',
    verifyAfter: 'DescribeClusterV2 shows the new version, state ACTIVE, and no partition is under-replicated.',
    effort: 'rollingRestart',
    impact: { kind: 'none' },
  };
}
