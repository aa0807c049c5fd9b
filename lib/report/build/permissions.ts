// Permissions that are missing, gathered from every section that names one: a role that lacks ten of them is mended once.
import type { SectionName, Snapshot } from '../../snapshot/schema.ts';
import type { MissingPermission } from '../report.ts';

/** As lib/collect/aws-errors.ts writes them; a role that cannot be assumed is another matter. */
const ALLOW = /(?:\. )?Allow ([\w-]+:\w+) on (\S+) for the caller(?!, and)/g;

export function missingPermissionsOf({ sections }: Snapshot): MissingPermission[] {
  const found = new Map<string, { action: string; resource: string; sections: SectionName[] }>();
  for (const [name, section] of Object.entries(sections) as [SectionName, Snapshot['sections'][SectionName]][]) {
    const text = section?.ok === true ? section.partial : section?.fix;
    for (const [, action = '', resource = ''] of (text ?? '').matchAll(ALLOW)) {
      const known = found.get(`${action} ${resource}`);
      if (known === undefined) found.set(`${action} ${resource}`, { action, resource, sections: [name] });
      else if (!known.sections.includes(name)) known.sections.push(name);
    }
  }
  return [...found.values()];
}

/** The text without the permissions in it, which have a place of their own. */
export function withoutPermissions(text: string): string {
  return text.replaceAll(ALLOW, '');
}
