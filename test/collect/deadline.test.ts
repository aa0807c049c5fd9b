import { expect, test } from 'vitest';
import { Deadline } from '../../lib/collect/deadline.ts';

const never = () => new Promise<never>(() => {});

test('what settles in time is passed on', async () => {
  const deadline = new Deadline(60_000);
  await expect(deadline.until(Promise.resolve(1))).resolves.toBe(1);
  await expect(deadline.until(Promise.reject(new Error('own')))).rejects.toThrow('own');
  deadline.release();
});

test('what does not settle is left at the deadline, and what begins after it at once', async () => {
  const deadline = new Deadline(20);
  await expect(deadline.until(never())).rejects.toMatchObject({ name: 'TimeoutError' });
  await expect(deadline.until(never())).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(deadline.signal.aborted).toBe(true);
});

test('an interruption ends it with its own reason, also one that came before', async () => {
  const interrupt = new AbortController();
  interrupt.abort(new Error('stop'));
  const deadline = new Deadline(60_000, interrupt.signal);
  await expect(deadline.until(never())).rejects.toThrow('stop');
  deadline.release();
});

test('no time left is no time, and all the time in the world is no overflow', async () => {
  await expect(new Deadline(-5).until(never())).rejects.toMatchObject({ name: 'TimeoutError' });
  const deadline = new Deadline(Number.POSITIVE_INFINITY);
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(deadline.signal.aborted).toBe(false);
  deadline.release();
});
