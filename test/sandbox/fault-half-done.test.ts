import { expect, test } from 'vitest';
import { type FaultTarget, orUndo, requireAllBrokers } from '../../sandbox/faults/fault.ts';
import { paperCluster } from './support/aws-fixtures.ts';

test('a fault that fails on the way is undone, and fails as itself', async () => {
  const done: string[] = [];
  const undo = async () => void done.push('undone');
  const failing = orUndo(undo, async () => {
    done.push('half done');
    throw new Error('no leader');
  });
  await expect(failing).rejects.toThrow('no leader');
  expect(done).toEqual(['half done', 'undone']);
});

test('a fault that worked is undone by heal only', async () => {
  const done: string[] = [];
  const undo = await orUndo(
    async () => void done.push('undone'),
    async () => void done.push('done'),
  );
  expect(done).toEqual(['done']);
  await undo();
  expect(done).toEqual(['done', 'undone']);
});

test('a fault that needs every broker says which is down and what to do', () => {
  const cluster = paperCluster();
  const target = { cluster } as FaultTarget;
  for (const broker of cluster.brokers) broker.alive = broker.id !== 3;
  expect(() => requireAllBrokers(target)).toThrow('this fault needs every broker, and 3 is down; heal first');
});
