// Advice that would hurt a cluster that is not settled is withheld: no restart and no reassignment while replicas are out of sync
// or an operation runs. Source: docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html and msk-cluster-states.html.
import type { Snapshot } from '../../snapshot/schema.ts';
import type { Command } from '../../text/command.ts';
import { plural } from '../../text/units.ts';
import type { Recommendation, RunContext } from '../check.ts';

/** Why the cluster is not settled. */
export interface Unsettled {
  /** MSK refuses any update until the operation is over. */
  operation: boolean;
  because: string;
}

/** Null when nothing speaks against restarts and reassignments, or when nobody could look. */
export function unsettledBecause(snapshot: Snapshot, run: RunContext): Unsettled | null {
  if (run.operationRunning) return { operation: true, because: 'a cluster operation is running' };
  const topics = snapshot.sections.kafkaTopics;
  const partitions = topics?.ok ? topics.value.flatMap((topic) => topic.partitions) : [];
  const behind = partitions.filter((partition) => partition.isr.length < partition.replicas.length).length;
  if (behind === 0) return null;
  return { operation: false, because: `${plural(behind, 'partition is', 'partitions are')} under-replicated` };
}

/** The recommendation without commands that restart brokers or move replicas, saying what to wait for. */
export function withholdUnsafe(recommendation: Recommendation, unsettled: Unsettled | null): Recommendation {
  if (unsettled === null) return recommendation;
  const commands = recommendation.commands.filter((command) => !isUnsafe(command, unsettled));
  if (commands.length === recommendation.commands.length) return recommendation;
  const { action } = recommendation;
  const later = action.charAt(0).toLowerCase() + action.slice(1);
  return {
    ...recommendation,
    action: `Wait, because ${unsettled.because}; once that is over, ${later}`,
    commands,
  };
}

const MOVES_REPLICAS = ['kafka-reassign-partitions.sh', 'kafka-leader-election.sh'];

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
