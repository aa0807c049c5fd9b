// `npm run worked -- FILE`: holds the product's functions against a file of worked examples.
// Exit 0 when all agree, 1 when any differs or has no function yet, 2 when the file is no such file.
import { readFileSync } from 'node:fs';
import { parseExamples, verdictOf } from './examples.ts';

function main(): number {
  const [file] = process.argv.slice(2);
  if (file === undefined) return refuse('name the file: npm run worked -- FILE');
  let examples: ReturnType<typeof parseExamples>;
  try {
    examples = parseExamples(readFileSync(file, 'utf8'));
  } catch (error) {
    return refuse(`${file} is no file of worked examples: ${error instanceof Error ? error.message : String(error)}`);
  }
  const verdicts = examples.map(verdictOf);
  for (const { line } of verdicts) console.log(line);
  return verdicts.every(({ isOk }) => isOk) ? 0 : 1;
}

function refuse(line: string): number {
  console.error(`worked: ${line.replaceAll(/\s+/g, ' ')}`);
  return 2;
}

process.exitCode = main();
