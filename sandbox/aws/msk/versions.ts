/**
 * The version string under which MSK would run this Kafka. MSK names a version line and, in KRaft mode, says so ("3.9.x.kraft").
 * Its newest line is 4.2 (July 2026), so a 4.3 cluster is shown as the newest one that MSK has: the control plane must never
 * answer with a version that MSK cannot give. The cluster's own figures stay those of the Kafka that really runs.
 */
export function mskVersion(kafkaVersion: string): string {
  const [major = 0, minor = 0] = kafkaVersion.split('.').map(Number);
  const line = major > 4 || (major === 4 && minor > 2) ? '4.2' : `${major}.${minor}`;
  return `${line}.x.kraft`;
}

/** MSK's versions in August 2026, oldest first. Those past their end of support are no longer offered for new clusters. */
export const MSK_VERSIONS: readonly { version: string; status: 'ACTIVE' | 'DEPRECATED' }[] = [
  ...['2.8.1', '3.3.1', '3.3.2', '3.4.0', '3.5.1', '3.6.0', '3.7.x', '3.7.x.kraft'].map(deprecated),
  ...['3.8.x', '3.8.x.kraft', '3.9.x', '3.9.x.kraft', '4.0.x.kraft', '4.1.x.kraft', '4.2.x.kraft'].map(active),
];

function deprecated(version: string): { version: string; status: 'DEPRECATED' } {
  return { version, status: 'DEPRECATED' };
}

function active(version: string): { version: string; status: 'ACTIVE' } {
  return { version, status: 'ACTIVE' };
}

/** Upgrades go forward only, to a version that MSK still offers, and never from KRaft back to ZooKeeper. */
export function upgradeTargets(source: string): string[] {
  const index = MSK_VERSIONS.findIndex(({ version }) => version === source);
  const kraft = source.endsWith('.kraft');
  return MSK_VERSIONS.slice(index + 1)
    .filter(({ version, status }) => status === 'ACTIVE' && (!kraft || version.endsWith('.kraft')))
    .map(({ version }) => version);
}
