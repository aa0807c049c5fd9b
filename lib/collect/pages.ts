// Following NextToken, with a bound: a list that never ends must not end the run.

export interface Page<T> {
  items: readonly T[];
  nextToken: string | undefined;
}

/**
 * All items of a paginated list. `isTruncated` when the list went on after `maxPages`, or when a token came twice
 * (a server that repeats a token would keep a reader for ever).
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
    items.push(...page.items);
    token = page.nextToken || undefined;
    if (token === undefined) return { items, isTruncated: false };
    if (seen.has(token)) break;
    seen.add(token);
  }
  return { items, isTruncated: true };
}
