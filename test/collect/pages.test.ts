import { expect, test } from 'vitest';
import { collectPages } from '../../lib/collect/pages.ts';

test('joins the pages and passes each token on', async () => {
  const tokens: (string | undefined)[] = [];
  const pages = [
    { items: [1], nextToken: 'a' },
    { items: [], nextToken: 'b' },
    { items: [2, 3], nextToken: '' },
  ];
  const result = await collectPages(async (token) => {
    tokens.push(token);
    return pages[tokens.length - 1]!;
  }, 10);
  expect(result).toEqual({ items: [1, 2, 3], isTruncated: false });
  expect(tokens).toEqual([undefined, 'a', 'b']);
});

test.each([
  ['goes on for ever', (count: number) => `t${count}`, 4],
  ['repeats a token', () => 'same', 2],
])('a list that %s is cut, and told', async (_, tokenOf, pages) => {
  let count = 0;
  const result = await collectPages(async () => ({ items: [count++], nextToken: tokenOf(count) }), 4);
  expect(result).toMatchObject({ isTruncated: true });
  expect(result.items).toHaveLength(pages);
});

test('an answer without a list is no empty one', async () => {
  const pages = [
    { items: [1], nextToken: 'a' },
    { items: undefined, nextToken: undefined },
  ];
  let count = 0;
  await expect(collectPages(async () => pages[count++]!, 4)).rejects.toThrow('holds no list');
});
