// Writes the JSON Schemas that docs publish, from the valibot schemas the product loads with.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import { policySchema } from '../lib/policy/schema.ts';
import { snapshotSchema } from '../lib/snapshot/schema.ts';

const folder = join(import.meta.dirname, '../docs/schema');

/** The text of each published schema by file name; a contract test holds the files to it. */
export function schemaFiles(): Record<string, string> {
  return {
    'policy.schema.json': text(toJsonSchema(policySchema, { errorMode: 'ignore' })),
    'snapshot.schema.json': text(toJsonSchema(snapshotSchema, { errorMode: 'ignore' })),
  };
}

function text(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (process.argv[1] === import.meta.filename) {
  for (const [name, content] of Object.entries(schemaFiles())) writeFileSync(join(folder, name), content);
}
