// `msk-checkup collect`: read a cluster into a snapshot file, to judge it later or elsewhere.
import type { Command } from 'commander';
import { checkFile, writeFiles } from '../../publish/directory.ts';
import { readCliSettings } from '../../settings.ts';
import { redactSnapshot } from '../../snapshot/redact.ts';
import { saveSnapshot } from '../../snapshot/save.ts';
import { SECTION_NAMES, type Snapshot } from '../../snapshot/schema.ts';
import { EXIT } from '../errors.ts';
import type { Io } from '../io.ts';
import { historyDirectory } from '../parse.ts';
import { policyOf, readPolicyFile } from '../policy-file.ts';
import { addLiveSourceOptions, checkSource, type SourceOptions } from '../source.ts';

interface CollectOptions extends SourceOptions {
  policy?: string;
  record: string;
  redact: boolean;
  json?: boolean;
  explainCost?: boolean;
}

export function addCollectCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  const command = program.command('collect').description('read a cluster into a snapshot file');
  addLiveSourceOptions(command)
    .option('--record <file>', 'where to write the snapshot', 'snapshot.json')
    .option('--no-redact', 'keep addresses, account and all tags in the file')
    .option('--policy <file>', 'your policy: how many looks at the offsets, how far apart')
    .option('--history <dir>', 'directory with what earlier runs have left', historyDirectory)
    .option('--explain-cost', 'tell what CloudWatch will charge for a report, and read nothing of it')
    .option('--json', 'print the snapshot instead of writing a file')
    .action(async (options: CollectOptions) => finish(await runCollect(options, io)));
}

async function runCollect(options: CollectOptions, io: Io): Promise<number> {
  checkSource(options, ['cluster', 'bootstrap']);
  if (options.explainCost === true) return await explainCost(options, io);
  const { sampling } = policyOf(await readPolicyFile(options.policy), options, null);
  if (options.json !== true) await checkFile(options.record);
  const { collectLive } = await import('../collect.ts');
  const taken = await collectLive(options, sampling, readCliSettings(), io);
  const snapshot = options.redact ? redactSnapshot(taken) : taken;
  io.signal.throwIfAborted();
  if (options.json === true) {
    io.out(saveSnapshot(snapshot));
    return EXIT.done;
  }
  await writeFiles([{ path: options.record, body: saveSnapshot(snapshot) }]);
  io.out(`${options.record}\n${sectionCount(snapshot)}\n`);
  return EXIT.done;
}

async function explainCost(options: CollectOptions, io: Io): Promise<number> {
  const { costOfRun, renderRunCost } = await import('../explain-cost.ts');
  const cost = await costOfRun(options, readCliSettings(), io);
  io.out(options.json === true ? `${JSON.stringify(cost, null, 2)}\n` : renderRunCost(cost));
  return EXIT.done;
}

function sectionCount({ sections }: Snapshot): string {
  const asked = SECTION_NAMES.filter((name) => sections[name] !== undefined);
  const read = asked.filter((name) => sections[name]?.ok === true);
  return `${read.length} of ${asked.length} sections read`;
}
