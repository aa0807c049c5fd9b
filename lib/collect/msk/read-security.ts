// The section `security`: flags of the cluster's description, and the names of the SCRAM secrets where SCRAM is on.
import { meaningOfState } from '../../facts/cluster-states.ts';
import type { Cluster } from '../../snapshot/aws-sections.ts';
import { type Collected, missing } from '../../snapshot/collected.ts';
import { collectPages } from '../pages.ts';
import { asNote, attempt, type ClusterReading, clusterCall, told } from './cluster-reading.ts';
import { type Security, secretNameOf } from './normalise-security.ts';

/** 100 secrets a page. */
const MAX_SECRET_PAGES = 10;

/** `flags` is null when the cluster could not be described. */
export async function collectSecurity(
  reading: ClusterReading,
  cluster: Collected<Cluster>,
  flags: Security | null,
): Promise<Collected<Security>> {
  const { run, reader, arn } = reading;
  if (!cluster.ok || flags === null) {
    const { reason, detail, fix } = cluster.ok ? missing('failed', 'it was not described') : cluster;
    return run.settle('security', missing(reason, `who may reach the cluster is not known: ${detail}`, fix));
  }
  const isServing = meaningOfState(cluster.value.state)?.serving !== false;
  if (flags.authentication.scram !== true || !isServing) return run.present('security', flags);
  run.announce('security');
  const secrets = await attempt(reading, clusterCall('ListScramSecrets', arn), (signal) =>
    collectPages(async (token) => {
      const page = await reader.listScramSecrets(arn.arn, token, signal);
      return { items: told(page.SecretArnList, 'SecretArnList'), nextToken: page.NextToken };
    }, MAX_SECRET_PAGES),
  );
  if (!secrets.ok) return run.present('security', flags, `no SCRAM secrets: ${asNote(secrets.missing)}`);
  const { items, isTruncated } = secrets.value;
  const scramSecretNames = [...new Set(items.map(secretNameOf))].sort();
  const partial = isTruncated ? `only ${scramSecretNames.length} SCRAM secrets were read` : undefined;
  return run.present('security', { ...flags, scramSecretNames }, partial);
}
