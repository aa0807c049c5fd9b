// `aws cloudwatch put-metric-alarm` for a recommended alarm: one command for all brokers.
// Forms: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
import type { AlarmCoverage, LagPair } from '../../analysis/alarm-coverage.ts';
import { METRIC_NAMESPACE } from '../../facts/metric-catalogue.ts';
import { MAX_METRICS_OF_FORMULA, type RecommendedAlarm } from '../../facts/recommended-alarms.ts';
import type { Command } from '../../text/command.ts';
import type { RunContext } from '../check.ts';
import { regionOf } from './commands.ts';
import { brokers, listed } from './wording.ts';

const COMPARISON = {
  above: 'GreaterThanThreshold',
  atLeast: 'GreaterThanOrEqualToThreshold',
  below: 'LessThanThreshold',
} as const;

interface Watched {
  suffix: string;
  purpose: string;
  /** Arguments that say what is watched. */
  args: readonly string[];
  /** Metrics that CloudWatch bills the alarm for. */
  metricCount: number;
}

export interface AlarmCommand {
  command: Command;
  metricCount: number;
}

/** Empty outside MSK. */
export function alarmCommands(missing: AlarmCoverage, brokerIds: readonly string[], run: RunContext): AlarmCommand[] {
  const { clusterArn } = run;
  if (clusterArn === null) return [];
  const { alarm } = missing;
  return watchedBy(missing, brokerIds, run).map(({ suffix, purpose, args, metricCount }) => ({
    metricCount,
    command: {
      purpose,
      effect: 'change',
      argv: [
        'aws',
        'cloudwatch',
        'put-metric-alarm',
        ...regionOf(clusterArn),
        '--alarm-name',
        [run.clusterName, alarm.id, suffix].filter((part) => part !== '').join('-'),
        ...args,
        ...thresholdArgs(alarm),
        '--evaluation-periods',
        String(alarm.periods),
        ...(alarm.silenceIsTrouble === true ? ['--treat-missing-data', 'breaching'] : []),
        '--alarm-actions',
        { variable: 'ALARM_TOPIC_ARN' },
      ],
    },
  }));
}

function thresholdArgs({ limit }: RecommendedAlarm): string[] {
  if (limit === null) return ['--comparison-operator', 'GreaterThanUpperThreshold', '--threshold-metric-id', 'band'];
  return ['--comparison-operator', COMPARISON[limit.comparison], '--threshold', String(limit.value)];
}

function watchedBy(
  { alarm, pair, unwatched }: AlarmCoverage,
  brokerIds: readonly string[],
  run: RunContext,
): Watched[] {
  const purpose = `Alarm on: ${alarm.title.toLowerCase()}`;
  if (pair !== null) return [ofPair(alarm, pair, purpose, run)];
  if (!alarm.metric.dimensions.includes('Broker ID')) return [ofCluster(alarm, purpose, run)];
  const open = unwatched.length > 0 ? unwatched : brokerIds;
  if (alarm.plus === undefined) return [ofAllBrokers(alarm, purpose, brokerIds.length, run)];
  const each = MAX_METRICS_OF_FORMULA / 2;
  return Array.from({ length: Math.ceil(open.length / each) }, (_, i) => {
    const some = open.slice(i * each, (i + 1) * each);
    return ofSum(alarm, alarm.plus!.name, `${purpose} of ${brokers(some)}, by a formula`, some, run);
  });
}

const clusterDimension = ({ clusterName }: RunContext) => ({ Name: 'Cluster Name', Value: clusterName });

function metricArgs({ metric, statistic, periodSec }: RecommendedAlarm, dimensions: readonly object[]): string[] {
  const options = {
    namespace: METRIC_NAMESPACE,
    'metric-name': metric.name,
    statistic,
    period: String(periodSec),
    dimensions: JSON.stringify(dimensions),
  };
  return Object.entries(options).flatMap(([option, value]) => [`--${option}`, value]);
}

function ofPair(alarm: RecommendedAlarm, { groupId, topic }: LagPair, purpose: string, run: RunContext): Watched {
  const dimensions = [
    clusterDimension(run),
    { Name: 'Consumer Group', Value: groupId },
    { Name: 'Topic', Value: topic },
  ];
  return {
    suffix: `${groupId}-${topic}`,
    purpose: `${purpose} of ${listed([groupId])} on ${listed([topic])}`,
    args: metricArgs(alarm, dimensions),
    metricCount: 1,
  };
}

function ofCluster(alarm: RecommendedAlarm, purpose: string, run: RunContext): Watched {
  if (alarm.limit !== null)
    return { suffix: '', purpose, args: metricArgs(alarm, [clusterDimension(run)]), metricCount: 1 };
  const queries = [
    stat('m', alarm.metric.name, alarm, [clusterDimension(run)], true),
    formula('band', 'ANOMALY_DETECTION_BAND(m, 2)'),
  ];
  // CloudWatch bills a band as the metric and its two edges.
  return { suffix: '', purpose, args: ['--metrics', JSON.stringify(queries)], metricCount: 3 };
}

/** A query takes in every broker, those to come too. */
function ofAllBrokers(alarm: RecommendedAlarm, purpose: string, brokerCount: number, run: RunContext): Watched {
  const { metric, statistic, limit, periodSec } = alarm;
  const worst = statistic === 'Sum' ? 'SUM' : limit?.comparison === 'below' ? 'MIN' : 'MAX';
  const name = run.clusterName.replaceAll("'", "''");
  const query = `SELECT ${worst}("${metric.name}") FROM SCHEMA("${METRIC_NAMESPACE}", "Broker ID", "Cluster Name") WHERE "Cluster Name" = '${name}'`;
  const queries = [{ ...formula('q', query), Period: periodSec }];
  return {
    suffix: '',
    purpose: `${purpose}, of any broker`,
    args: ['--metrics', JSON.stringify(queries)],
    metricCount: brokerCount,
  };
}

function ofSum(
  alarm: RecommendedAlarm,
  plus: string,
  purpose: string,
  ids: readonly string[],
  run: RunContext,
): Watched {
  const stats = ids.flatMap((id) => {
    const dimensions = [clusterDimension(run), { Name: 'Broker ID', Value: id }];
    return [
      stat(`a${id}`, alarm.metric.name, alarm, dimensions, false),
      stat(`b${id}`, plus, alarm, dimensions, false),
    ];
  });
  const sums = ids.map((id) => ({ ...formula(`s${id}`, `a${id} + b${id}`), ReturnData: false }));
  const queries = [...stats, ...sums, formula('worst', `MAX([${ids.map((id) => `s${id}`).join(', ')}])`)];
  return { suffix: ids.join('-'), purpose, args: ['--metrics', JSON.stringify(queries)], metricCount: stats.length };
}

function stat(id: string, name: string, alarm: RecommendedAlarm, dimensions: readonly object[], isReturned: boolean) {
  const metric = { Namespace: METRIC_NAMESPACE, MetricName: name, Dimensions: dimensions };
  return {
    Id: id,
    MetricStat: { Metric: metric, Period: alarm.periodSec, Stat: alarm.statistic },
    ReturnData: isReturned,
  };
}

function formula(id: string, expression: string) {
  return { Id: id, Expression: expression, ReturnData: true };
}
