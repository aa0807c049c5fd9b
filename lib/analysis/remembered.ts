// What many ask of the same section, worked out once. Sections are never changed, and what is derived from one goes when it goes.

/** `derive`, with its answers kept by what they are derived from. Whoever asks shares them: they are read and never changed. */
export function remembered<K extends object, T>(derive: (from: K) => T): (from: K) => T {
  const known = new WeakMap<K, { answer: T }>();
  return (from) => {
    let kept = known.get(from);
    if (kept === undefined) {
      kept = { answer: derive(from) };
      known.set(from, kept);
    }
    return kept.answer;
  };
}
