// The section `versions`: what MSK says about the cluster's own version, and where it can be upgraded to.
import type { CompatibleKafkaVersion, KafkaVersion } from '@aws-sdk/client-kafka';
import { type Collected, type Missing, missing } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { collectPages } from '../pages.ts';
import { type Attempt, asNote, attempt, type ClusterReading, clusterCall, partialOf, told } from './cluster-reading.ts';

export type Versions = SectionValue<'versions'>;

/** MSK knows some thirty versions. */
const MAX_VERSION_PAGES = 5;

/**
 * Both calls at once; one that fails leaves its half. `kafkaVersion` is that of the cluster's description; where it is not known, the
 * list of upgrades still names it.
 */
export async function collectVersions(
  reading: ClusterReading,
  kafkaVersion: string | null,
): Promise<Collected<Versions>> {
  const { reader, arn, run } = reading;
  run.announce('versions');
  const [known, compatible] = await Promise.all([
    attempt(reading, clusterCall('ListKafkaVersions', arn, '*'), (signal) =>
      collectPages(async (token) => {
        const page = await reader.listKafkaVersions(token, signal);
        return { items: told(page.KafkaVersions, 'KafkaVersions'), nextToken: page.NextToken };
      }, MAX_VERSION_PAGES),
    ),
    attempt(reading, clusterCall('GetCompatibleKafkaVersions', arn, '*'), async (signal) => {
      const answer = await reader.getCompatibleKafkaVersions(arn.arn, signal);
      return told(answer.CompatibleKafkaVersions, 'CompatibleKafkaVersions');
    }),
  ]);
  if (!compatible.ok && !known.ok) return run.settle('versions', bothMissing(known.missing, compatible.missing));
  // A list of all versions says nothing about a cluster whose own is not known.
  if (!compatible.ok && kafkaVersion === null) return run.settle('versions', compatible.missing);
  const targets = targetsOf(compatible, kafkaVersion);
  const own = kafkaVersion ?? targets.sourceVersion;
  const list = known.ok ? known.value : { items: [], isTruncated: false };
  const status = own === null ? null : (sameVersion(list.items, own, ({ Version }) => Version)?.Status ?? null);
  const partial = partialOf([
    known.ok ? null : asNote(known.missing),
    list.isTruncated && status === null ? 'the list of versions went on after its last page was due' : null,
    known.ok && own === null ? "the cluster's own version is not known" : null,
    targets.problem,
  ]);
  return run.present('versions', { status, upgradeTargets: targets.upgradeTargets }, partial);
}

function bothMissing(first: Missing, second: Missing): Missing {
  return missing(second.reason, `${first.detail}; ${second.detail}`, partialOf([first.fix, second.fix]));
}

interface Targets {
  upgradeTargets: string[] | null;
  sourceVersion: string | null;
  problem: string | null;
}

/** For one cluster the answer holds one entry: that of its own version. */
function targetsOf(compatible: Attempt<CompatibleKafkaVersion[]>, kafkaVersion: string | null): Targets {
  if (!compatible.ok) return { upgradeTargets: null, sourceVersion: null, problem: asNote(compatible.missing) };
  const entries = compatible.value;
  const [only] = entries.length === 1 ? entries : [];
  const own = kafkaVersion === null ? only : sameVersion(entries, kafkaVersion, ({ SourceVersion }) => SourceVersion);
  const entry = own ?? (only?.SourceVersion === undefined ? only : undefined);
  if (entry === undefined && entries.length > 0) {
    const problem = "the versions to upgrade to are those of other versions than the cluster's";
    return { upgradeTargets: null, sourceVersion: null, problem };
  }
  return {
    upgradeTargets: [...new Set(entry?.TargetVersions ?? [])],
    sourceVersion: entry?.SourceVersion ?? null,
    problem: null,
  };
}

/**
 * The entry of a version. MSK spells one line in two ways (`3.9.x`, `3.9.x.kraft`) and a cluster may name its patch (`3.9.1`): the same
 * spelling first, then the same line.
 */
function sameVersion<T extends KafkaVersion | CompatibleKafkaVersion>(
  entries: readonly T[],
  wanted: string,
  versionOf: (entry: T) => string | undefined,
): T | undefined {
  const spellings = [(version: string) => version, bare, (version: string) => lineOf(bare(version))];
  for (const spelling of spellings) {
    const found = entries.find((entry) => spelling(versionOf(entry) ?? '') === spelling(wanted));
    if (found !== undefined) return found;
  }
  return undefined;
}

function bare(version: string): string {
  return version.replace(/\.kraft$/, '');
}

function lineOf(version: string): string {
  return version.replace(/^(\d+\.\d+)\.\d+$/, '$1.x');
}
