// The whole output for each golden cluster, byte for byte. `npm run golden:update` rewrites the files; read the difference before committing it.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ARTIFACT_FORMATS, judge, renderArtifacts } from '../../lib/checkup.ts';
import { runRecordOf } from '../../lib/history/record.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import type { Report } from '../../lib/report/report.ts';
import { renderTerminal } from '../../lib/report/terminal.ts';
import type { Snapshot } from '../../lib/snapshot/schema.ts';
import { GOLDEN_CLUSTERS, type GoldenCluster } from './golden-clusters.ts';

const FOLDER = join(import.meta.dirname, '../golden');
const DAY = 86_400_000;

function judged(snapshot: Snapshot, runId: string, previous: Parameters<typeof judge>[0]['previous']): Report {
  const policy = resolvePolicy({ overrides: null, tags: null, clusterName: 'orders', cliEnvironment: 'production' });
  return judge({ snapshot, policy, previous, runId, toolVersion: '0.0.0-test' });
}

function reportOf({ snapshot, yesterday }: GoldenCluster): Report {
  if (yesterday === undefined) return judged(snapshot(), '20261120T0615Z', null);
  const earlier = yesterday();
  const before = judged({ ...earlier, takenAtMs: earlier.takenAtMs - DAY }, '20261119T0615Z', null);
  return judged(snapshot(), '20261120T0615Z', runRecordOf(before, null));
}

function filesOf(report: Report): { name: string; body: string }[] {
  const terminal = { name: 'terminal.txt', body: renderTerminal(report, { color: false, columns: 100 }) };
  return [...renderArtifacts(report, ARTIFACT_FORMATS), terminal];
}

describe.each(Object.entries(GOLDEN_CLUSTERS))('%s', (name, cluster) => {
  test(cluster.about, async () => {
    for (const { name: file, body } of filesOf(reportOf(cluster))) {
      await expect(body).toMatchFileSnapshot(join(FOLDER, name, file));
    }
  });

  test('replays to the same bytes', () => {
    expect(filesOf(reportOf(cluster))).toEqual(filesOf(reportOf(cluster)));
  });
});

test('no golden file is left over', () => {
  const kept = readdirSync(FOLDER, { recursive: true, withFileTypes: true }).filter(
    // Beside the folders of the clusters lies the table of all verdicts, which has its own test.
    (entry) => entry.isFile() && entry.parentPath !== FOLDER,
  );
  expect(kept.map(({ parentPath, name }) => join(parentPath, name)).toSorted()).toEqual(
    Object.entries(GOLDEN_CLUSTERS)
      .flatMap(([cluster, each]) => filesOf(reportOf(each)).map(({ name }) => join(FOLDER, cluster, name)))
      .toSorted(),
  );
});
