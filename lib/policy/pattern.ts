// Patterns of names in a policy: `*` stands for any characters, `?` for one, everything else for itself. No regular expressions: these
// cannot run away on a hostile name, and whether two of them can match the same name is decidable.

/** True when the whole name fits. Time grows with the product of the two lengths at most. */
export function matchesPattern(pattern: string, name: string): boolean {
  // Where to go on after the last star, when what follows it does not fit.
  let [at, star, resume] = [0, -1, 0];
  for (let i = 0; i < name.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      resume = i;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[i])) {
      at += 1;
      i += 1;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

/** True when some name fits both patterns. */
export function patternsOverlap(a: string, b: string): boolean {
  const known = new Map<number, boolean>();
  const fits = (i: number, j: number): boolean => {
    const key = i * (b.length + 1) + j;
    const before = known.get(key);
    if (before !== undefined) return before;
    const [x, y] = [a[i], b[j]];
    let answer: boolean;
    if (x === undefined && y === undefined) answer = true;
    else if (x === '*') answer = fits(i + 1, j) || (y !== undefined && fits(i, j + 1));
    else if (y === '*') answer = fits(i, j + 1) || (x !== undefined && fits(i + 1, j));
    else answer = x !== undefined && y !== undefined && (x === y || x === '?' || y === '?') && fits(i + 1, j + 1);
    known.set(key, answer);
    return answer;
  };
  return fits(0, 0);
}

/** The value under the one pattern that fits; a policy has no overlapping ones. */
export function forName<T>(byPattern: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.entries(byPattern).find(([pattern]) => matchesPattern(pattern, name))?.[1];
}
