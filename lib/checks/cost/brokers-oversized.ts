// Fewer or smaller brokers that would have carried the last weeks with all margins. "Stay as you are" is an answer, too.
import { type ClusterSizing, type JudgedOption, SIZING_SECTIONS, sizeCluster } from '../../analysis/cluster-sizing.ts';
import { isWorthwhile } from '../../analysis/right-sizing.ts';
import type { Constraint } from '../../analysis/sizing-constraints.ts';
import { MIB } from '../../analysis/throughput-limits.ts';
import type { Command } from '../../text/command.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Evidence, type Impact, type Recommendation, type RunContext } from '../check.ts';
import { awsKafka } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { BEST_PRACTICES } from '../shared/load-words.ts';

const CONSTRAINT_WORD: Readonly<Record<Constraint['name'], string>> = {
  cpu: 'CPU',
  'cpu-after-az-loss': 'CPU with one zone lost',
  replicas: 'replicas on a broker',
  'bytes-in': 'bytes in',
  'bytes-out': 'bytes out',
  'bytes-in-after-az-loss': 'bytes in with one zone lost',
  'bytes-out-after-az-loss': 'bytes out with one zone lost',
  volume: 'volume',
};
const usd = (value: number) => formatQuantity(value, 'usdPerMonth');
const percent = (value: number) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'brokers-oversized',
  area: 'cost',
  title: { pass: 'Brokers fit their load', fail: 'Brokers larger than their load' },
  why: 'Brokers are most of the bill, and cost the same whether they work or not.',
  references: [
    BEST_PRACTICES,
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-update-broker-type.html',
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-remove-broker.html',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: {
    serverless: 'MSK Serverless has no brokers to size.',
    kafka: 'What brokers outside MSK cost is not known.',
  },
  needs: [],
  mayUse: SIZING_SECTIONS,
  toleratesPartial: ['prices', 'kafkaTopics', 'configuration', 'kafkaBrokerConfigs', 'quotas'],
  evaluate(inputs, thresholds, run) {
    const sizing = sizeCluster(inputs, thresholds);
    if (sizing.kind !== 'sized') return { kind: 'no-data', because: `Not measured: ${sizing.because}.` };
    const { workload, best, currentUsdPerMonth, current } = sizing;
    const { maxCpuP99Percent, minSavingPercent, ...gate } = thresholds;
    const isCalm = workload.cpuP99Percent < maxCpuP99Percent;
    const historyDays = workload.historyDays;
    const isWorth =
      best !== null &&
      isCalm &&
      isWorthwhile({ ...best, currentUsdPerMonth, historyDays }, { ...gate, minSavingShare: minSavingPercent / 100 });
    return conclude({
      findings: isWorth
        ? [
            {
              scope: 'cluster',
              resource: run.clusterName,
              severity: 'medium',
              measured: best.savingUsdPerMonth,
              limit: Math.max((minSavingPercent / 100) * currentUsdPerMonth, gate.minSavingUsdPerMonth),
              unit: 'usdPerMonth',
              note: `${shapeOf(best)} instead of ${shapeOf(current)}, bound by ${CONSTRAINT_WORD[best.binding.name]}`,
              confidence: best.confidence,
            },
          ]
        : [],
      gap: sizing.isReplicationCounted ? null : 'topics were not read, so that the replication factor is a guess',
      evidence: [optionTable(sizing), loadTable(sizing)],
      pass: `Stay as you are: ${stayBecause(sizing, isCalm, maxCpuP99Percent)}.`,
      fail: ({ measured, note }) =>
        `${usd(measured!)} could be spared: ${note}; the busiest broker's CPU stayed within ${percent(workload.cpuP99Percent)} (p99 of the hours of ${formatQuantity(historyDays, 'days')}, and of the window's five minutes).`,
      recommend: () => recommend(sizing, best!, run),
    });
  },
});

function shapeOf({ brokers, instanceType }: { brokers: number; instanceType: string }): string {
  return `${brokers} × ${instanceType}`;
}

function stayBecause({ best, workload, currentUsdPerMonth }: ClusterSizing, isCalm: boolean, maxCpu: number): string {
  if (best === null) return 'no other size or number of brokers is cheaper and safe';
  if (!isCalm)
    return `the busiest broker's CPU reached ${percent(workload.cpuP99Percent)} (p99, limit ${percent(maxCpu)} for giving brokers away)`;
  return `the best other choice spares ${usd(best.savingUsdPerMonth)} of ${usd(currentUsdPerMonth)}, too little for a rolling restart`;
}

function constraintOf(option: JudgedOption, name: Constraint['name']): number | null {
  return option.constraints.find((each) => each.name === name)?.value ?? null;
}

function optionTable({ current, options, currentUsdPerMonth, workload, feasibleCount }: ClusterSizing): Evidence {
  return {
    title: `Cheapest of ${feasibleCount} that fit`,
    columns: [
      { key: 'option', label: 'Brokers', as: 'name' },
      { key: 'provisioned', label: 'Provisioned MiB/s each', as: 'count' },
      { key: 'volume', label: 'Volume GiB each', as: 'count' },
      { key: 'cpu', label: 'CPU', as: 'percent' },
      { key: 'azLoss', label: 'CPU, one zone lost', as: 'percent' },
      { key: 'replicas', label: 'Replicas each', as: 'count' },
      { key: 'binding', label: 'Bound by', as: 'name' },
      { key: 'used', label: 'of it used', as: 'percent' },
      { key: 'usd', label: 'Costs', as: 'usdPerMonth' },
      { key: 'saving', label: 'Spares', as: 'usdPerMonth' },
      { key: 'confidence', label: 'Confidence', as: 'ratio' },
    ],
    rows: [
      {
        option: `${shapeOf(current)} (now)`,
        provisioned: current.provisionedMiBPerSec,
        volume: current.volumeGiB,
        cpu: current.cpuPercent,
        azLoss: null,
        replicas: workload.replicas / current.brokers,
        binding: null,
        used: null,
        usd: currentUsdPerMonth,
        saving: 0,
        confidence: 1,
      },
      ...options.map((option) => ({
        option: `${shapeOf(option)}${option.isTight ? ' (tight)' : ''}`,
        provisioned: option.provisionedMiBPerSec,
        volume: option.volumeGiB,
        cpu: constraintOf(option, 'cpu'),
        azLoss: constraintOf(option, 'cpu-after-az-loss'),
        replicas: constraintOf(option, 'replicas'),
        binding: CONSTRAINT_WORD[option.binding.name],
        used: (100 * option.binding.value) / option.binding.limit,
        usd: option.usdPerMonth,
        saving: option.savingUsdPerMonth,
        confidence: option.confidence,
      })),
    ],
    source:
      'List prices of brokers and their storage; CPU by cores, throughput by Equation 1 of AWS or the Express quota',
  };
}

function loadTable({ workload, load }: ClusterSizing): Evidence {
  return {
    title: 'Load to carry',
    columns: [
      { key: 'what', label: 'Bytes', as: 'name' },
      { key: 'mean', label: 'Mean', as: 'bytesPerSec' },
      { key: 'peak', label: 'Peak, p99', as: 'bytesPerSec' },
      { key: 'planned', label: 'Planned for', as: 'bytesPerSec' },
    ],
    rows: [
      {
        what: 'in',
        mean: workload.avgInMiBPerSec * MIB,
        peak: workload.peakInMiBPerSec * MIB,
        planned: load.peakInMiBPerSec * MIB,
      },
      {
        what: 'out',
        mean: workload.avgOutMiBPerSec * MIB,
        peak: workload.peakOutMiBPerSec * MIB,
        planned: load.peakOutMiBPerSec * MIB,
      },
    ],
    source: `CloudWatch by the hour over ${formatQuantity(workload.historyDays, 'days')}, and the window; growth ${percent(100 * workload.growthPerDay)} a day`,
  };
}

function recommend(sizing: ClusterSizing, best: JudgedOption, run: RunContext): Recommendation {
  const { current, currentUsdPerMonth } = sizing;
  const fewer = best.brokers < current.brokers;
  const perZone = Math.abs(best.brokers - current.brokers) / sizing.load.azs;
  const how = fewer
    ? `, moving all partitions off ${perZone} ${perZone === 1 ? 'broker' : 'brokers'} of each zone first`
    : '';
  return {
    action: `Go from ${shapeOf(current)} to ${shapeOf(best)}${how}`,
    confirmFirst:
      'Rule out peaks that these weeks do not hold: a month’s or year’s end, a launch, replays that must catch up. Compare with the bill, where discounts change what is spared.',
    commands: commandsFor(best, current, run),
    risk: `Brokers restart one after the other, and less room is left: ${CONSTRAINT_WORD[best.binding.name]} would be used to ${percent((100 * best.binding.value) / best.binding.limit)} of its limit. Keep the number a multiple of the zones; a smaller size is refused while brokers hold more partitions than it may.`,
    expectedEffect: `Brokers and storage cost ${usd(best.usdPerMonth)} instead of ${usd(currentUsdPerMonth)}.`,
    verifyAfter: 'CpuUser + CpuSystem, produce latency and lag over a full week; step back if CPU passes the limit.',
    effort: 'rollingRestart',
    impact: impactOf(best, current),
  };
}

function commandsFor(best: JudgedOption, current: ClusterSizing['current'], run: RunContext): Command[] {
  const version = ['--current-version', { variable: 'CURRENT_VERSION' }] as const;
  const type =
    best.instanceType === current.instanceType
      ? []
      : awsKafka(run, 'update-broker-type', {
          purpose: `Change all brokers to ${best.instanceType}, one after the other, off peak`,
          effect: 'change',
          args: [...version, '--target-instance-type', best.instanceType],
        });
  const count =
    best.brokers === current.brokers
      ? []
      : awsKafka(run, 'update-broker-count', {
          purpose:
            best.brokers < current.brokers
              ? `Remove brokers down to ${best.brokers}, once UserPartitionExists is 0 on those that go`
              : `Add brokers up to ${best.brokers}, and then move partitions to them`,
          effect: 'change',
          args: [...version, '--target-number-of-broker-nodes', String(best.brokers)],
        });
  const settings = [
    ...(best.volumeGiB === null || best.volumeGiB === current.volumeGiB
      ? []
      : ['--volume-size-gb', String(best.volumeGiB)]),
    ...(best.provisionedMiBPerSec === current.provisionedMiBPerSec
      ? []
      : [
          '--provisioned-throughput',
          best.provisionedMiBPerSec === null
            ? 'Enabled=false'
            : `Enabled=true,VolumeThroughput=${best.provisionedMiBPerSec}`,
        ]),
  ];
  const storage =
    settings.length === 0
      ? []
      : awsKafka(run, 'update-storage', {
          purpose: 'Set the storage of each broker that the new size needs',
          effect: 'change',
          args: [...version, ...settings],
        });
  return best.brokers < current.brokers ? [...storage, ...type, ...count] : [...count, ...storage, ...type];
}

function impactOf(best: JudgedOption, current: ClusterSizing['current']): Impact {
  const usdPerMonth = best.savingUsdPerMonth;
  const label = `${shapeOf(best)} with storage instead of ${shapeOf(current)}`;
  return { kind: 'saving', lines: [{ label, quantity: 1, unit: 'month', usdPerUnit: usdPerMonth }], usdPerMonth };
}
