/**
 * Tries one after the other: the next one when the one before has failed, or has been silent for `patienceMs` and keeps
 * its chance meanwhile. The first answer that is not null; null when there is none; rejects as soon as one does.
 */
export function firstAnswer<Item, Answer>(
  items: readonly Item[],
  attempt: (item: Item) => Promise<Answer | null>,
  patienceMs: number,
): Promise<Answer | null> {
  return new Promise((resolve, reject) => {
    const waiting = [...items];
    let running = 0;
    let timer: NodeJS.Timeout | undefined;
    const settle = (end: () => void): void => {
      waiting.length = 0;
      clearTimeout(timer);
      end();
    };
    const begin = (): void => {
      clearTimeout(timer);
      if (waiting.length === 0 && running === 0) resolve(null);
      if (waiting.length === 0) return;
      const item = waiting.shift() as Item;
      running++;
      if (waiting.length > 0) timer = setTimeout(begin, patienceMs);
      attempt(item).then(
        (answer) => {
          running--;
          if (answer === null) begin();
          else settle(() => resolve(answer));
        },
        (error: unknown) => settle(() => reject(error)),
      );
    };
    begin();
  });
}
