// The page of a check. From source it is read beside the check; scripts/build/plugins.ts replaces this module by one that holds all pages.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export function readCheckPage(area: string, id: string): string | null {
  try {
    return readFileSync(fileURLToPath(new URL(`../checks/${area}/${id}.md`, import.meta.url)), 'utf8');
  } catch {
    return null;
  }
}
