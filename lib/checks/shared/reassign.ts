// Moving and adding replicas: the same steps, the same caution, whatever it is for.
import type { Command } from '../../text/command.ts';
import { optionArgs } from '../../text/command.ts';
import { kafkaTool } from './commands.ts';
import { listed } from './wording.ts';

const PLAN = 'reassignment.json';

/** From a look at the present replicas to the check that all has arrived. */
export function reassignCommands(topic: string, edit: string): Command[] {
  const plan = ['--reassignment-json-file', PLAN];
  const run = (purpose: string, args: readonly string[]) =>
    kafkaTool('kafka-reassign-partitions.sh', { purpose, effect: 'change', args });
  return [
    kafkaTool('kafka-topics.sh', {
      purpose: `Show the present replicas of ${listed([topic])}, to write ${PLAN} with ${edit}`,
      args: ['--describe', ...optionArgs('--topic', topic)],
    }),
    run(`Put ${PLAN} into force, copying at most 50 MB/s per broker`, ['--execute', ...plan, '--throttle', '50000000']),
    run('Check that copying has finished, which also removes the throttle', ['--verify', ...plan]),
  ];
}

export const REASSIGN_RISK =
  'Copies retained data over the network and onto further disks; not while partitions are under-replicated or CPU is above 70 %.';
