import { type Missing, missing } from '../../snapshot/collected.ts';
import type { NodeAnswer } from './cluster-session.ts';

const NAMED = 3;

/** Joins what could not be read into the one line of a section; undefined when nothing is missing. */
export function partialLine(parts: readonly (string | false)[]): string | undefined {
  const said = parts.filter((part) => part !== false && part !== '');
  return said.length === 0 ? undefined : said.join('; ');
}

/** `broker 2 (host:port: connection refused)`, at most three by name; empty when all answered. */
export function silentBrokers(answers: readonly NodeAnswer<unknown>[]): string {
  const silent = answers.filter(({ answer }) => answer === null);
  return listSome(silent.map(({ node, fault }) => `broker ${node.id} (${fault?.message ?? node.address})`));
}

/** The first three of a list, and how many more there are. */
export function listSome(names: readonly string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** Counts Kafka's error names: `NOT_COORDINATOR 2, GROUP_AUTHORIZATION_FAILED 1`. */
export function countErrors(errors: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const error of errors) counts.set(error, (counts.get(error) ?? 0) + 1);
  return listSome([...counts].sort((a, b) => b[1] - a[1]).map(([error, count]) => `${error} ${count}`));
}

/** `1 topic`, `2 topics`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A section of which nothing was given: not permitted only where Kafka says so. */
export function refusal(errors: readonly string[], what: string, fix: string): Missing {
  const isForbidden = errors.some((error) => error.endsWith('_AUTHORIZATION_FAILED'));
  const detail = errors.length === 0 ? what : `${what}: ${countErrors(errors)}`;
  return isForbidden ? missing('not-permitted', detail, fix) : missing('failed', detail);
}
