// Writes a snapshot as text: the same snapshot always gives the same bytes.
import { SECTION_NAMES, type Sections, type Snapshot } from './schema.ts';

/** JSON with one line per section, so that two snapshots can be compared with ordinary tools. */
export function saveSnapshot(snapshot: Snapshot): string {
  const { sections, ...head } = snapshot;
  const lines = SECTION_NAMES.filter((name) => sections[name] !== undefined).map(
    (name) => `    ${JSON.stringify(name)}: ${JSON.stringify(sections[name as keyof Sections])}`,
  );
  const headLines = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`);
  return `{\n${headLines.join('\n')}\n  "sections": {\n${lines.join(',\n')}\n  }\n}\n`;
}
