// Advice that would hurt a cluster that is not settled is withheld: no restart and no reassignment while replicas are out of sync
// or an operation runs. Source: docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html and msk-cluster-states.html.
import { missingReplicas } from '../../analysis/reassigning.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { missing } from '../../snapshot/collected.ts';
import type { Snapshot } from '../../snapshot/schema.ts';
import type { Command } from '../../text/command.ts';
import { plural } from '../../text/units.ts';
import type { Recommendation, RunContext } from '../check.ts';
import { awsKafka } from './commands.ts';
import { unreadTopics } from './partition-evidence.ts';
import { brokerSeries } from './series.ts';

/** Why the cluster is not settled. */
export interface Unsettled {
  /** MSK refuses any update until the operation is over. */
  operation: boolean;
  because: string;
}

/** Null when nothing speaks against restarts and reassignments, or when nobody could look. */
export function unsettledBecause(snapshot: Snapshot, run: RunContext): Unsettled | null {
  if (run.operationRunning) return { operation: true, because: 'a cluster operation is running' };
  const { kafkaTopics: topics, kafkaReassignments: moves } = snapshot.sections;
  const missingOf = missingReplicas(moves ?? missing('not-requested', ''));
  const behind = (topics?.ok ? topics.value : []).reduce(
    (total, { name: topic, partitions }) =>
      total + partitions.filter((partition) => missingOf({ ...partition, topic }).length > 0).length,
    0,
  );
  if (behind > 0) {
    return { operation: false, because: `${plural(behind, 'partition is', 'partitions are')} under-replicated` };
  }
  // Kafka refuses a second plan while one runs, and a restart makes its copies start late.
  const moving = moves?.ok ? moves.value.length : 0;
  if (moving > 0)
    return { operation: false, because: `${plural(moving, 'partition is', 'partitions are')} being moved` };
  // What was read of every partition is newer than any datapoint; what was not read may be what is behind.
  const readAll = topics?.ok && topics.partial === undefined && unreadTopics(topics.value).length === 0;
  return readAll ? null : countedBehind(snapshot, run);
}

const COUNTED = [
  { metric: METRICS.underReplicated, state: 'under-replicated' },
  { metric: METRICS.underMinIsr, state: 'below min.insync.replicas' },
  { metric: METRICS.offlinePartitions, state: 'without a leader' },
];

/** What CloudWatch counts, by the latest point of each broker, whatever is masked: an old count above 0 is no proof that all is well. */
function countedBehind({ sections: { metrics } }: Snapshot, run: RunContext): Unsettled | null {
  if (!metrics?.ok) return null;
  for (const { metric, state } of COUNTED) {
    const all = [...brokerSeries(metrics.value, metric, run, { masked: false, dropLast: 0 }).values()];
    const count = all.reduce((total, series) => total + (series.latest?.value ?? 0), 0);
    if (count > 0) {
      const who = plural(Math.ceil(count), `partition is ${state}`, `partitions are ${state}`);
      return { operation: false, because: `${who} by CloudWatch's latest ${metric.name}` };
    }
  }
  return null;
}

/** The recommendation without commands that restart brokers or move replicas, saying what to wait for. */
export function withholdUnsafe(recommendation: Recommendation, unsettled: Unsettled | null): Recommendation {
  if (unsettled === null) return recommendation;
  // What checks on a plan goes with the step that puts it into force.
  const endsMove = !recommendation.commands.some(({ argv }) => argv.includes('--execute'));
  const commands = recommendation.commands.filter(
    (command) => !isUnsafe(command, unsettled) || (endsMove && isEndOfMove(command)),
  );
  if (commands.length === recommendation.commands.length) return recommendation;
  const { action } = recommendation;
  const later = action.charAt(0).toLowerCase() + action.slice(1);
  return {
    ...recommendation,
    action: `Wait, because ${unsettled.because}; once that is over, ${later}`,
    commands,
  };
}

/**
 * MSK refuses an update while another runs, and one with the version from before: between two of them the cluster's version is read again.
 */
export function withFreshVersions(recommendation: Recommendation, run: RunContext): Recommendation {
  const isUpdate = ({ argv }: Command) =>
    argv.some((arg) => typeof arg !== 'string' && arg.variable === 'CURRENT_VERSION');
  const first = recommendation.commands.findIndex(isUpdate);
  const commands = recommendation.commands.flatMap((command, i) =>
    isUpdate(command) && i > first ? [...readVersion(run), command] : [command],
  );
  return commands.length === recommendation.commands.length ? recommendation : { ...recommendation, commands };
}

function readVersion(run: RunContext): Command[] {
  const [command] = awsKafka(run, 'describe-cluster-v2', {
    purpose: 'Wait until the state is ACTIVE again, then read the new version: the update before changed it',
    args: ['--query', 'ClusterInfo.CurrentVersion', '--output', 'text'],
  });
  return command === undefined ? [] : [{ ...command, assigns: 'CURRENT_VERSION' }];
}

const MOVES_REPLICAS = ['kafka-reassign-partitions.sh', 'kafka-leader-election.sh'];

/** What looks at, ends or gives up a move that runs is the way out of it. */
function isEndOfMove({ argv }: Command): boolean {
  return (
    argv[0] === 'kafka-reassign-partitions.sh' && ['--verify', '--cancel', '--list'].some((way) => argv.includes(way))
  );
}

/** Updates that roll through the brokers. Storage expansion and monitoring do not restart any. */
const RESTARTS_BROKERS = [
  'reboot-broker',
  'update-broker-count',
  'update-broker-type',
  'update-cluster-configuration',
  'update-cluster-kafka-version',
  'update-connectivity',
  'update-rebalancing',
  'update-security',
];

function isUnsafe({ effect, argv }: Command, unsettled: Unsettled): boolean {
  if (effect === 'read') return false;
  const [tool, service, verb] = argv;
  if (typeof tool === 'string' && MOVES_REPLICAS.includes(tool)) return true;
  if (tool !== 'aws' || service !== 'kafka' || typeof verb !== 'string') return false;
  return unsettled.operation || RESTARTS_BROKERS.includes(verb);
}
