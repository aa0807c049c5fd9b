// Following NextToken, with a bound: a list that never ends must not end the run.

import { IncompleteAnswerError } from './msk/normalise-cluster.ts';

export interface Page<T> {
  /** Undefined where the answer holds no list: that is not the same as an empty one. */
  items: readonly T[] | undefined;
  nextToken: string | undefined;
}

/**
 * All items of a paginated list. `isTruncated` when the list went on after `maxPages`, or when a token came twice
 * (a server that repeats a token would keep a reader for ever). Rejects with IncompleteAnswerError for an answer without a list:
 * AWS sends an empty one as such, and an empty answer may be anyone's.
 */
export async function collectPages<T>(
  fetchPage: (nextToken: string | undefined) => Promise<Page<T>>,
  maxPages: number,
): Promise<{ items: T[]; isTruncated: boolean }> {
  const items: T[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  for (let count = 0; count < maxPages; count += 1) {
    const page = await fetchPage(token);
    if (page.items === undefined) throw new IncompleteAnswerError('the answer holds no list');
    items.push(...page.items);
    token = page.nextToken || undefined;
    if (token === undefined) return { items, isTruncated: false };
    if (seen.has(token)) break;
    seen.add(token);
  }
  return { items, isTruncated: true };
}
