// `msk-checkup checks`: what is looked at.
import type { Command } from 'commander';
import { CHECKS } from '../../checks/registry.ts';
import { EXIT } from '../errors.ts';
import type { Io } from '../io.ts';

export function addChecksCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command('checks')
    .description('list all checks')
    .option('--json', 'as JSON')
    .action((options: { json?: boolean }) => {
      io.out(options.json === true ? checksJson() : checksTable());
      finish(EXIT.done);
    });
}

function checksJson(): string {
  const rows = CHECKS.map(({ id, area, title, why, needs, appliesTo }) => ({ id, area, title, why, needs, appliesTo }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}

function checksTable(): string {
  const width = Math.max(...CHECKS.map(({ id }) => id.length));
  const areaWidth = Math.max(...CHECKS.map(({ area }) => area.length));
  return CHECKS.map(({ id, area, title }) => `${id.padEnd(width)}  ${area.padEnd(areaWidth)}  ${title.pass}\n`).join(
    '',
  );
}
