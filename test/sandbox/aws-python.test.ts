import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { ensureMotoVenv, requirePython } from '../../sandbox/aws/python.ts';

afterEach(() => vi.unstubAllEnvs());

test('a machine without Python is told in one line what to install, and nothing is left behind', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  const cache = mkdtempSync(join(tmpdir(), 'msk-checkup-cache-'));
  const refused = expect(ensureMotoVenv(cache, () => {})).rejects;
  await refused.toMatchObject({
    name: 'MissingPrerequisite',
    message: expect.stringMatching(/^.*apt-get install -y python3 python3-venv.*$/),
  });
  await expect(requirePython()).rejects.toMatchObject({ name: 'MissingPrerequisite' });
  expect(readdirSync(cache)).toEqual([]);
});

test('what is installed is pinned by hash, from whatever index pip is set to', () => {
  for (const file of ['requirements.txt', 'emulator-requirements.txt']) {
    const text = readFileSync(new URL(`../../sandbox/aws/${file}`, import.meta.url), 'utf8');
    const pins = text.match(/^[a-z0-9-]+==\S+.*\\\n {4}--hash=sha256:[0-9a-f]{64}/gm) ?? [];
    expect(pins.length).toBe(text.match(/^[a-z0-9]/gm)?.length);
    expect(text).not.toMatch(/https?:|--index-url|--find-links|--extra-index-url/);
  }
});
