// What MSK itself asks of the cluster's owner, and states from which a cluster does not come back by itself.
// Source: DescribeClusterV2 (CustomerActionStatus) and docs.aws.amazon.com/msk/latest/developerguide/msk-cluster-states.html.
import { isOperationOver } from '../../facts/cluster-operations.ts';
import { meaningOfState } from '../../facts/cluster-states.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { safeLabel, safeText } from '../../text/sanitize.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type RunContext, type Severity } from '../check.ts';
import { awsKafka, listOperations, regionOf } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { clusterFinding } from '../shared/security.ts';
import { milder, severityFor, stepFor, worstSeverity } from '../shared/severity.ts';
import { minutesBetween } from '../shared/wording.ts';

type Cluster = SectionValue<'cluster'>;

export default defineCheck({
  id: 'customer-action-required',
  area: 'availability',
  title: { pass: 'MSK asks nothing of you', fail: 'MSK asks you to act' },
  why: 'MSK asks when it cannot keep the cluster healthy alone; who does not answer gets maintenance at a time and in a way that MSK chooses.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-cluster-states.html',
    'https://docs.aws.amazon.com/msk/latest/developerguide/troubleshooting.html',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'serverless'],
  notApplicable: { kafka: 'Only Amazon MSK asks anything of the owners of its clusters.' },
  needs: ['cluster'],
  mayUse: ['operations'],
  toleratesPartial: ['operations'],
  evaluate({ cluster, operations }, { maxHealingMinutes }, run) {
    const worst = severityFor(run, ['critical', 'high', 'medium']);
    const faults = [
      ...statusFaults(cluster, worst, run),
      ...stateFaults(cluster, operations, maxHealingMinutes, worst, run),
    ];
    const info =
      cluster.stateInfo === null
        ? null
        : safeText([cluster.stateInfo.code, cluster.stateInfo.message].filter((part) => part !== null).join(': '));
    const status = statusOf(cluster);
    const [reproduce] = awsKafka(run, 'describe-cluster-v2', {
      purpose: 'Show state and wanted action as MSK tells them',
    });
    // One finding a cluster: the gravest reason decides, all are named.
    const severity = worstSeverity(faults);
    const confidence = Math.max(...faults.map((fault) => fault.confidence));
    return conclude({
      findings: clusterFinding(faults.length > 0 ? 'unmet' : 'met', run, severity, says(faults), confidence),
      gap: status === null || status === 'unknown' ? 'MSK did not say whether it wants an action' : null,
      evidence: [
        {
          title: 'What MSK says of the cluster',
          columns: [
            { key: 'what', label: 'Field', as: 'name' },
            { key: 'value', label: 'Value', as: 'name' },
          ],
          rows: [
            { what: 'State', value: cluster.state },
            { what: 'CustomerActionStatus', value: status },
            { what: 'StateInfo', value: info },
          ],
          source: 'DescribeClusterV2',
          ...(reproduce === undefined ? {} : { reproduce }),
        },
      ],
      pass: `State ${safeText(cluster.state)}, and no action is wanted.`,
      fail: () => `${says(faults).replace(/^state/, 'State')}${info === null ? '' : ` (${safeLabel(info)})`}.`,
      recommend: () => ({
        action:
          'Do what the event of AWS Health says, which most often is about replicas, min.insync.replicas, partitions or storage',
        confirmFirst: 'Rule out an event that somebody is working on already.',
        commands: [
          {
            purpose: 'Show the events of AWS Health for MSK (needs a Business or Enterprise support plan)',
            effect: 'read',
            argv: [
              'aws',
              'health',
              'describe-events',
              '--region',
              'us-east-1',
              '--filter',
              JSON.stringify({ services: ['KAFKA'], ...regionFilter(run) }),
            ],
          },
          ...listOperations(run),
        ],
        risk: 'Leaving it alone can mean forced maintenance, or a cluster that MSK can no longer heal.',
        expectedEffect: 'MSK takes its warning back.',
        verifyAfter: 'DescribeClusterV2 shows CustomerActionStatus NONE and state ACTIVE.',
        effort: 'setting',
        impact: { kind: 'none' },
      }),
    });
  },
});

interface Fault {
  severity: Severity;
  says: string;
  confidence: number;
}

const says = (faults: readonly Fault[]) => faults.map((fault) => fault.says).join('; ');

/** Serverless has none. */
function statusOf(cluster: Cluster): string | null {
  return cluster.kind === 'serverless' ? 'NONE' : cluster.customerActionStatus;
}

function statusFaults(cluster: Cluster, worst: Severity, run: RunContext): Fault[] {
  const status = statusOf(cluster);
  if (status === 'CRITICAL_ACTION_REQUIRED')
    return [{ severity: worst, says: 'MSK demands an action at once', confidence: 1 }];
  if (status === 'ACTION_RECOMMENDED')
    return [{ severity: stepFor(run, 'medium'), says: 'MSK recommends an action', confidence: 1 }];
  return [];
}

function stateFaults(
  cluster: Cluster,
  operations: Collected<SectionValue<'operations'>>,
  maxHealingMinutes: number,
  worst: Severity,
  run: RunContext,
): Fault[] {
  if (cluster.state === 'FAILED') {
    return [
      { severity: worst, says: `state FAILED: ${meaningOfState(cluster.state)!.meaning.toLowerCase()}`, confidence: 1 },
    ];
  }
  if (cluster.state !== 'HEALING') return [];
  const since = operations.ok ? healingSince(operations.value) : null;
  // Healing is MSK's own work and often short; for how long it goes on, only an operation tells.
  if (since === null)
    return [{ severity: milder(worst, 2), says: 'state HEALING, since when is not known', confidence: 0.5 }];
  const minutes = minutesBetween(since, run.takenAtMs);
  const lasting = `state HEALING for ${formatQuantity(minutes, 'minutes')}`;
  return [{ severity: minutes > maxHealingMinutes ? worst : 'info', says: lasting, confidence: 1 }];
}

function healingSince(operations: SectionValue<'operations'>): number | null {
  const running = operations.filter(({ endMs, state }) => endMs === null && !isOperationOver(state));
  const starts = running.flatMap(({ startMs }) => (startMs === null ? [] : [startMs]));
  return starts.length === 0 ? null : Math.min(...starts);
}

function regionFilter({ clusterArn }: RunContext): { regions?: string[] } {
  const [, region] = clusterArn === null ? [] : regionOf(clusterArn);
  return region === undefined ? {} : { regions: [region] };
}
