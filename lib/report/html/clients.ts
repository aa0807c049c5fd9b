// What to set at the clients of the topics and groups that need it: who sets what, and once for all the words of the libraries.
import { CLIENT_LIBRARIES, type ClientEntry, LIBRARY_NAME, type Report } from '../report.ts';
import { clientsText, settingTexts } from '../words.ts';
import { html, label, type Markup } from './markup.ts';
import { card, folded, leftOut, quiet, section, table, wide } from './parts.ts';

const NAMES_SHOWN = 5;

/** An owner is named where it is not the cluster's, which stands at the top of the page. */
function who({ resources: { rows, total }, library, ...entry }: ClientEntry, { cluster }: Report): Markup {
  const names = rows.slice(0, NAMES_SHOWN).map(({ resource, owner }, index) => {
    const isOther = owner !== null && owner !== cluster.owner;
    return [index > 0 && ', ', label(resource), isOther && html` (${label(owner)})`];
  });
  const rest = total - names.length;
  return html`${clientsText(entry)} ${entry.scope !== 'cluster' && [names, rest > 0 && ` and ${rest} more`]}${
    library !== null && [' ', quiet(`${LIBRARY_NAME[library]}, by client id or assignor`)]
  }`;
}

function entryRow(entry: ClientEntry, report: Report): Markup[] {
  const because = entry.checkIds.map((id, index) => {
    const title = report.checks.find(({ checkId }) => checkId === id)?.title ?? id;
    return html`${index > 0 && '; '}<a href="#${id}">${title}</a>`;
  });
  const lines = settingTexts(entry).map((line) => html`<div>${label(line)}</div>`);
  return [who(entry, report), wide(lines), wide(because)];
}

/** Each setting with each of its values once. */
function dictionary(entries: readonly ClientEntry[]): Markup {
  const all = entries.flatMap(({ settings }) => settings);
  const settings = [...new Map(all.map((each) => [each.libraries.java?.line, each])).values()];
  const libraries = CLIENT_LIBRARIES.filter((each) => all[0]?.libraries[each] !== undefined);
  const cell = (line: string | null = null, note: string | null = null) =>
    wide([line !== null && label(line), ' ', (line === null || note !== null) && quiet(note ?? 'no such setting')]);
  const rows = settings.map(({ libraries: words, ...each }) => [
    ...libraries.map((library) => cell(words[library]?.line, words[library]?.note)),
    wide(each.reason),
  ]);
  const columns = libraries.map((each) => (each === 'java' ? 'Java, and others by its names' : LIBRARY_NAME[each]));
  return folded(
    'The same in the words of other libraries, and why',
    table('Settings by library', [...columns, 'Why'], rows),
  );
}

export function clientsSection(report: Report, maxRows: number): Markup | null {
  const { clientSettings, goal } = report;
  if (clientSettings === null) return null;
  const { entries, codecs } = clientSettings;
  const shown = entries.rows.slice(0, maxRows);
  const rows = shown.map((entry) => entryRow(entry, report));
  return section('clients', 'What to set at the clients', [
    card([
      table(`Java's names unless said otherwise, for the goal ${goal.value}`, ['Who', 'Set', 'Because of'], rows),
      leftOut(shown.length, entries.total),
      dictionary(shown),
      codecs !== null &&
        folded(
          'Codecs side by side',
          table(
            'For records like text, relative to each other: measure with your own',
            ['Codec', 'Speed', 'Ratio', 'CPU', 'Use it for'],
            codecs.map(({ codec, speed, ratio, cpu, use }) => [codec, speed, ratio, cpu, use]),
          ),
        ),
    ]),
  ]);
}
