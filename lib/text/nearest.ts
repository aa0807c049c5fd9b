// "Did you mean": the nearest of the known names.

/** Longest names that are compared: a key of a thousand characters is no slip of the keyboard. */
const MAX_LENGTH = 80;

/** The known name within a few slips (insert, leave out, replace, swap neighbours) of the key; null when none is that close. */
export function nearest(key: string, names: Iterable<string>): string | null {
  const known = [...names];
  if (key.length > MAX_LENGTH) return null;
  const wanted = bare(key);
  let best: { name: string; distance: number } | null = null;
  for (const name of known) {
    const other = bare(name);
    const allowed = Math.min(3, Math.floor(Math.max(wanted.length, other.length) / 5));
    if (Math.abs(wanted.length - other.length) > allowed) continue;
    const distance = slips(wanted, other);
    if (distance <= allowed && (best === null || distance < best.distance)) best = { name, distance };
  }
  return best?.name ?? extended(wanted, known);
}

/** `Producer.Flush.Max` for `Producer.Flush.MaxMessages`: the beginning of one longer name, or of the shortest of several. */
function extended(wanted: string, known: readonly string[]): string | null {
  if (wanted.length < 8) return null;
  const longer = known.filter((name) => bare(name).startsWith(wanted));
  return longer.sort((a, b) => a.length - b.length)[0] ?? null;
}

/** `batch_size`, `batchSize` and `batch.size` are one name in different habits. */
function bare(name: string): string {
  return name.toLowerCase().replace(/[._-]/g, '');
}

/** Damerau-Levenshtein distance with swaps of neighbours (optimal string alignment). */
function slips(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}
