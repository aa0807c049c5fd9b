// Which environment a cluster is judged as, and the sentence that says why.
import { safeLabel } from '../text/sanitize.ts';
import { DEFAULT_ENVIRONMENT } from './default-policy.ts';
import type { Chosen, Environment } from './environment.ts';

export interface EnvironmentSources {
  /** From the command line or the event. */
  cli?: Environment | undefined;
  /** From the policy file. */
  policy?: Environment | undefined;
  /** The cluster's tags; null when they could not be read. */
  tags: Readonly<Record<string, string>> | null;
  clusterName: string;
}

const TAG_KEYS = ['environment', 'env'];

/** Whole words of a name or tag value; the strictest match wins, so that `prod-test` is judged as production. */
const WORDS: readonly (readonly [Environment, RegExp])[] = [
  ['production', /^(prod|production|prd|live)\d*$/],
  ['staging', /^(staging|stage|stag|stg|uat|preprod|preproduction|preprd|nonprod|nonproduction|nonprd)\d*$/],
  ['development', /^(dev|devel|development|test|tst|testing|qa|sandbox|sbx|integration)\d*$/],
];

/** Command line, else policy, else tag `Environment` or `env`, else a word in the cluster's name, else production. */
export function resolveEnvironment(sources: EnvironmentSources): Chosen<Environment> {
  if (sources.cli !== undefined) return { value: sources.cli, because: `chosen for this run: ${sources.cli}` };
  if (sources.policy !== undefined) return { value: sources.policy, because: `set in the policy: ${sources.policy}` };
  const tag = Object.entries(sources.tags ?? {}).find(([key]) => TAG_KEYS.includes(key.toLowerCase()));
  if (tag !== undefined) {
    const value = environmentIn(tag[1]);
    if (value !== null) return { value, because: `tag ${safeLabel(tag[0])} is "${safeLabel(tag[1], 40)}"` };
  }
  const named = environmentIn(sources.clusterName);
  if (named !== null)
    return { value: named, because: `the name "${safeLabel(sources.clusterName, 80)}" says ${named}` };
  return { value: DEFAULT_ENVIRONMENT, because: `${silence(sources, tag)}: judged as production, the strictest` };
}

function silence(sources: EnvironmentSources, tag: [string, string] | undefined): string {
  if (tag !== undefined)
    return `tag ${safeLabel(tag[0])} is "${safeLabel(tag[1], 40)}", which names no environment we know`;
  if (sources.tags === null) return 'the tags could not be read, and neither policy nor name says an environment';
  return 'no option, policy, tag or name says an environment';
}

function environmentIn(text: string): Environment | null {
  // `pre-prod` and `non-prod` are no production: joined before the name is cut into words.
  const joined = text.toLowerCase().replace(/\b(pre|non)[-_. ]+(?=pro?d)/g, '$1');
  const words = joined.split(/[^a-z0-9]+/);
  return WORDS.find(([, word]) => words.some((each) => word.test(each)))?.[0] ?? null;
}
