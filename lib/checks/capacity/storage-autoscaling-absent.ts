// Whether the volumes grow by themselves, early enough and far enough, before somebody must get up for it.
import { diskGrowth } from '../../analysis/disk-forecasts.ts';
import { findHourly, trustedPoints } from '../../analysis/series.ts';
import { GIB } from '../../analysis/topic-load.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { MAX_VOLUME_GIB, STORAGE_SCALING } from '../../facts/msk-quotas.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Command } from '../../text/command.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Recommendation, type RunContext, type Severity } from '../check.ts';
import { regionOf } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { type Expansion, expansionAhead } from '../shared/expand-storage.ts';
import { NOT_SEEN_ELSEWHERE } from '../shared/load-words.ts';
import { LOAD_SECTIONS } from '../shared/loads.ts';
import { brokerSeries, expectedBrokers, isThin, metricGap } from '../shared/series.ts';
import { milder, stepFor, worstSeverity } from '../shared/severity.ts';
import { scalingNote } from '../shared/storage-evidence.ts';
import { brokers, missingBecause } from '../shared/wording.ts';

const percent = (value: number) => formatQuantity(value, 'percent');
const HOURS_PER_DAY = STORAGE_SCALING.cooldownHours * 2 * 2;
type Thresholds = CheckThresholds['storage-autoscaling-absent'];

export default defineCheck({
  id: 'storage-autoscaling-absent',
  area: 'capacity',
  title: { pass: 'Volumes grow by themselves in time', fail: 'Volumes that do not grow in time' },
  why: 'A volume that fills up at night stops its broker unless it is enlarged automatically, and one expansion waits six hours for the next.',
  references: ['https://docs.aws.amazon.com/msk/latest/developerguide/msk-autoexpand-details.html'],
  appliesTo: ['provisioned-standard'],
  notApplicable: { ...NOT_SEEN_ELSEWHERE, 'provisioned-express': 'Storage of Express brokers grows by itself.' },
  needs: ['metrics', 'cluster'],
  mayUse: ['storageScaling', 'nodes', 'kafkaBrokers', 'operations', ...LOAD_SECTIONS],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'operations', ...LOAD_SECTIONS],
  evaluate({ metrics, storageScaling: section, cluster, nodes, kafkaBrokers, operations, ...loads }, thresholds, run) {
    if (!section.ok)
      return { kind: 'no-data', because: `Not measured: ${missingBecause('storage autoscaling', section)}.` };
    const storageScaling = section.value;
    const volumeGiB = cluster.kind === 'provisioned-standard' ? cluster.volumeGiBPerBroker : null;
    const used = brokerSeries(metrics, METRICS.diskUsed, run, { masked: false, dropLast: 0 });
    const fullest = Math.max(0, ...[...used.values()].map(({ latest }) => latest?.value ?? 0));
    const expected = expectedBrokers(nodes, kafkaBrokers);
    const growth = diskGrowth(metrics, operations);
    const percentPerDay = Math.max(0, ...growth.values());
    const state = { fullest, percentPerDay, volumeGiB };
    const problems = problemsOf(storageScaling, state, thresholds);
    // Where nothing enlarges the volumes growth of any size would be a finding.
    const isDecisive = problemsOf(storageScaling, { ...state, percentPerDay: 1 }, thresholds).length > problems.length;
    const unknown = unknownGrowth([...new Set([...expected, ...used.keys()])], metrics, isDecisive ? growth : null);
    const severities = problems.map(({ severity }) => ({ severity }));
    return conclude({
      findings:
        problems.length === 0
          ? []
          : [
              {
                scope: 'cluster',
                resource: run.clusterName,
                severity: stepFor(run, worstSeverity(severities)),
                measured: fullest,
                limit: thresholds.diskMediumPercent,
                unit: 'percent',
                note: problems.map(({ what }) => what).join('; '),
                confidence: 1,
              },
            ],
      gap:
        metricGap(metrics, METRICS.diskUsed, used, expected, 0) ??
        unknown ??
        (storageScaling.targets.length > 0 && storageScaling.policies === null
          ? 'the policies of storage autoscaling were not readable'
          : null),
      evidence: [
        {
          title: 'Storage autoscaling',
          columns: [
            { key: 'what', label: 'What', as: 'name' },
            { key: 'value', label: 'Value', as: 'name' },
          ],
          rows: [
            { what: 'Scaling', value: scalingNote(section) },
            { what: 'Volume of a broker', value: volumeGiB === null ? null : formatQuantity(volumeGiB * GIB, 'bytes') },
            { what: 'Fullest volume now', value: percent(fullest) },
            { what: 'Growth in six hours', value: unknown !== null && percentPerDay === 0 ? null : growthText(state) },
            { what: 'Last scaling activity', value: activityText(storageScaling) },
          ],
          source: 'Application Auto Scaling, and CloudWatch KafkaDataLogsDiskUsed',
        },
      ],
      pass: `Of the volumes ${percent(fullest)} at most is used; ${scalingNote(section)}.`,
      fail: ({ note }) => `The fullest volume is at ${percent(fullest)}: ${note}.`,
      recommend: () => ({
        ...advise(
          expansionAhead(
            { metrics, operations, cluster: { ok: true, value: cluster, asOfMs: run.takenAtMs }, ...loads },
            run,
          ),
        ),
        confirmFirst:
          'Rule out that infrastructure code owns the size of the volumes: it would try to take back what autoscaling adds.',
        risk: 'Volumes never shrink: what a burst adds is paid for as long as the cluster lives. Set the largest size you are ready to pay.',
        expectedEffect: 'MSK grows the volumes by a tenth, 10 GiB at least, and at most once in six hours.',
        verifyAfter: 'The scaling activity of the next expansion is Successful.',
        effort: 'setting',
        causedBy: ['disk-full-forecast'],
        impact: { kind: 'unknown', because: 'it costs what it grows by, when it grows' },
      }),
    });

    function advise(size: Expansion | null): Pick<Recommendation, 'action' | 'commands'> {
      const { maxTargetPercent } = thresholds;
      const [target] = storageScaling.targets;
      const largest = target?.maxGiB ?? null;
      const isReached = problems.some(({ kind }) => kind === 'largest-reached');
      // Never lowered: what somebody is ready to pay is theirs to say.
      const maxGiB = Math.max(largest ?? 0, size?.gib ?? 0) || MAX_VOLUME_GIB;
      const register = registerTarget(target, maxGiB, run);
      // What is suspended stays so through any other change.
      const isSuspended = target?.isScaleOutSuspended === true;
      if (problems.every(({ kind }) => kind === 'suspended'))
        return { action: 'Lift the suspension of storage autoscaling, after retention was judged', commands: register };
      if (!isReached)
        return {
          action: `${isSuspended ? 'Lift the suspension: let' : 'Let'} the volumes grow by themselves at ${percent(maxTargetPercent)}, after retention was judged`,
          commands: [...register, ...putPolicy(maxTargetPercent, run)],
        };
      const relief = 'Shorten retention or delete what nobody reads, or';
      if (maxGiB === largest)
        return largest >= MAX_VOLUME_GIB
          ? { action: `${relief} add brokers: ${largest} GiB is the largest volume of MSK`, commands: [] }
          : { action: `${relief} raise the largest size of ${largest} GiB that autoscaling may grow to`, commands: [] };
      return {
        action: `${relief} raise the largest size that autoscaling may grow to from ${largest} to ${maxGiB} GiB${isSuspended ? ', and lift its suspension' : ''}`,
        commands: problems.length === 1 ? register : [...register, ...putPolicy(maxTargetPercent, run)],
      };
    }
  },
});

interface State {
  fullest: number;
  /** Growth with a significant trend; 0 without one. */
  percentPerDay: number;
  volumeGiB: number | null;
}

/**
 * Whose growth is not known: without hourly datapoints, or with none of late, a volume is not at rest.
 * @param growth of the volumes with a week of history, where less does not do
 */
function unknownGrowth(
  brokerIds: readonly string[],
  metrics: SectionValue<'metrics'>,
  growth: ReadonlyMap<string, number> | null,
): string | null {
  const hourly = new Map(
    findHourly(metrics, METRICS.diskUsed).map((series) => [
      series.dimensions['Broker ID'],
      trustedPoints(series, { dropLast: 0 }),
    ]),
  );
  const unheard = brokerIds.filter((id) => isThin(hourly.get(id), 0));
  if (unheard.length > 0)
    return `no hourly datapoints of ${METRICS.diskUsed.name} of ${brokers(unheard)} that tell growth`;
  const young = growth === null ? [] : brokerIds.filter((id) => !growth.has(id));
  return young.length === 0 ? null : `less than a week of history since the last change of ${brokers(young)}`;
}

/** GiB that the fastest volume grows by in one cooldown; null where the size is not known. */
function growthGiB({ percentPerDay, volumeGiB }: State): number | null {
  return volumeGiB === null
    ? null
    : ((percentPerDay / 100) * volumeGiB * STORAGE_SCALING.cooldownHours) / HOURS_PER_DAY;
}

function growthText(state: State): string | null {
  const gib = growthGiB(state);
  return gib === null ? null : formatQuantity(gib * GIB, 'bytes');
}

function activityText({ lastActivity }: SectionValue<'storageScaling'>): string {
  return lastActivity === null ? 'none in six weeks' : (lastActivity.status ?? 'unknown');
}

interface Problem {
  /** As in production. */
  severity: Severity;
  what: string;
  kind?: 'largest-reached' | 'suspended';
}

function problemsOf(
  { targets, policies, lastActivity }: SectionValue<'storageScaling'>,
  state: State,
  thresholds: Thresholds,
): Problem[] {
  const { diskMediumPercent, diskHighPercent, minTargetPercent, maxTargetPercent, lateTargetPercent } = thresholds;
  const { fullest, percentPerDay, volumeGiB } = state;
  const isFilling = percentPerDay > 0;
  const [target] = targets;
  const urgency: Severity = fullest > diskHighPercent ? 'high' : fullest > diskMediumPercent ? 'medium' : 'low';
  const ifNeeded = (what: string, kind?: Problem['kind']): Problem[] =>
    fullest > diskMediumPercent || isFilling ? [{ severity: urgency, what, kind }] : [];
  if (target === undefined) return ifNeeded('nothing enlarges the volumes');
  const found = target.isScaleOutSuspended === true ? ifNeeded('storage autoscaling is suspended', 'suspended') : [];
  if (policies?.length === 0) found.push(...ifNeeded('the scaling target has no policy'));
  if (volumeGiB !== null && target.maxGiB !== null && volumeGiB >= target.maxGiB)
    found.push(...ifNeeded(`the volumes have reached the largest size of ${target.maxGiB} GiB`, 'largest-reached'));
  const at = policies?.[0]?.targetPercent ?? null;
  if (at !== null && at > lateTargetPercent)
    found.push({ severity: 'medium', what: `a target of ${percent(at)} begins too late` });
  else if (at !== null && (at < minTargetPercent || at > maxTargetPercent))
    found.push({
      severity: milder('medium', 1),
      what: `a target of ${percent(at)} is outside ${minTargetPercent} to ${maxTargetPercent}%`,
    });
  const grown = growthGiB(state);
  const step = Math.max(STORAGE_SCALING.minStepGiB, STORAGE_SCALING.stepShare * (volumeGiB ?? 0));
  if (grown !== null && grown > step)
    found.push({
      severity: 'medium',
      what: `${formatQuantity(grown * GIB, 'bytes')} in six hours outrun a step of ${formatQuantity(step * GIB, 'bytes')}`,
    });
  if (lastActivity?.status === 'Failed') found.push({ severity: 'medium', what: 'the last expansion failed' });
  return found;
}

const DIMENSION = 'kafka:broker-storage:VolumeSize';

function scaling(verb: string, purpose: string, { clusterArn }: RunContext, args: readonly string[]): Command[] {
  if (clusterArn === null) return [];
  const subject = ['--service-namespace', 'kafka', '--resource-id', clusterArn, '--scalable-dimension', DIMENSION];
  const argv = ['aws', 'application-autoscaling', verb, ...regionOf(clusterArn), ...subject, ...args];
  return [{ purpose, effect: 'change', argv }];
}

type Target = SectionValue<'storageScaling'>['targets'][number];

function registerTarget(target: Target | undefined, maxGiB: number, run: RunContext): Command[] {
  const limits = ['--min-capacity', String(target?.minGiB ?? 1), '--max-capacity', String(maxGiB)];
  if (target?.isScaleOutSuspended === true) limits.push('--suspended-state', 'DynamicScalingOutSuspended=false');
  return scaling(
    'register-scalable-target',
    `Let Application Auto Scaling grow the volumes up to ${maxGiB} GiB`,
    run,
    limits,
  );
}

function putPolicy(targetPercent: number, run: RunContext): Command[] {
  const tracking = {
    PredefinedMetricSpecification: { PredefinedMetricType: 'KafkaBrokerStorageUtilization' },
    TargetValue: targetPercent,
    DisableScaleIn: true,
  };
  return scaling('put-scaling-policy', `Begin an expansion at ${targetPercent}% of a volume`, run, [
    '--policy-name',
    'storage',
    '--policy-type',
    'TargetTrackingScaling',
    '--target-tracking-scaling-policy-configuration',
    JSON.stringify(tracking),
  ]);
}
