// `msk-checkup checks` and `explain <id>`: what is looked at, and the page of one check.
import type { Command } from 'commander';
import { CHECKS } from '../../checks/registry.ts';
import { readCheckPage } from '../check-pages.ts';
import { EXIT, UsageError } from '../errors.ts';
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

export function addExplainCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command('explain')
    .description('show the page of one check: what it looks at, why, and what to do')
    .argument('<id>', 'id of the check, as `msk-checkup checks` lists it')
    .option('--json', 'as JSON')
    .action((id: string, options: { json?: boolean }) => {
      const check = CHECKS.find((known) => known.id === id);
      if (check === undefined) throw new UsageError(unknownCheck(id));
      const page = readCheckPage(check.area, check.id) ?? '';
      const described = {
        id: check.id,
        area: check.area,
        title: check.title,
        why: check.why,
        references: check.references,
      };
      io.out(options.json === true ? `${JSON.stringify({ ...described, page }, null, 2)}\n` : `${page.trimEnd()}\n`);
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

function unknownCheck(id: string): string {
  const near = CHECKS.map(({ id: known }) => known).filter((known) => known.includes(id) || id.includes(known));
  const hint = near.length > 0 ? near.join(', ') : 'run msk-checkup checks for the list';
  return `there is no check ${JSON.stringify(id.slice(0, 80))}; ${near.length > 0 ? 'did you mean: ' : ''}${hint}`;
}
