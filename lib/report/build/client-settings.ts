// What to tell the teams behind the clients: for each topic and group with a finding that settings of clients mend, the settings.

import type { ClientLibrary } from '../../facts/client-libraries.ts';
import { libraryOfGroup, settledSettings } from '../../facts/client-marks.ts';
import { ASKED_BY, settingsFor } from '../../facts/client-settings-asked.ts';
import { CODECS } from '../../facts/codecs.ts';
import type { Goal } from '../../policy/environment.ts';
import type { CheckId } from '../../policy/thresholds/index.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { ClientEntry, ClientSettings } from '../report.ts';
import type { ReportFinding } from '../report-findings.ts';

/** As many as a mail lists. */
const MAX_ENTRIES = 8;
const MAX_RESOURCES = 50;
/** Shown always; the Java names serve those that are not. */
const LIBRARIES: readonly ClientLibrary[] = ['java', 'librdkafka', 'kafkajs'];
const OF_CODEC: readonly CheckId[] = ['codec-heavy', 'traffic-uncompressed', 'broker-recompression'];

interface Client extends Pick<ClientEntry, 'role' | 'scope' | 'library'> {
  resource: string;
  owner: string | null;
  checkIds: Set<CheckId>;
  settled: readonly string[];
}

/** @param findings the gravest first, which is then the order of the entries */
export function clientSettingsOf(
  findings: readonly ReportFinding[],
  groups: SectionValue<'kafkaGroups'>,
  goal: Goal,
): ClientSettings | null {
  const clients = clientsOf(findings, groups);
  const alike = Map.groupBy(clients, ({ role, scope, library, settled, checkIds }) =>
    JSON.stringify([role, scope, library, settled, [...checkIds].sort()]),
  );
  const libraries = [...new Set([...LIBRARIES, ...clients.flatMap(({ library }) => library ?? [])])];
  const entries = [...alike.values()].flatMap((same): ClientEntry[] => {
    const { role, scope, library, settled, checkIds } = same[0]!;
    const ids = [...checkIds];
    const settings = settingsFor(ids, libraries, goal).filter(({ name }) => !settled.includes(name));
    const rows = same.slice(0, MAX_RESOURCES).map(({ resource, owner }) => ({ resource, owner }));
    return settings.length === 0
      ? []
      : [{ role, scope, resources: { rows, total: same.length }, checkIds: ids, library, settings }];
  });
  if (entries.length === 0) return null;
  return {
    entries: { rows: entries.slice(0, MAX_ENTRIES), total: entries.length },
    codecs: clients.some(({ checkIds }) => OF_CODEC.some((id) => checkIds.has(id))) ? CODECS : null,
  };
}

/** Each resource once, with all that its findings ask. What is only worth knowing asks for nothing. */
function clientsOf(findings: readonly ReportFinding[], groups: SectionValue<'kafkaGroups'>): Client[] {
  const found = new Map<string, Client>();
  for (const finding of findings) {
    const { checkId, severity, resource, owner } = finding;
    const role = ASKED_BY[checkId]?.role;
    if (role === undefined || severity === 'info' || finding.scope === 'partition') continue;
    // Consumers are known by their groups: a topic of theirs does not tell which.
    const scope = finding.scope === 'topic' && role === 'consumer' ? 'cluster' : finding.scope;
    const key = JSON.stringify([role, scope, scope === 'cluster' || resource]);
    const group = scope === 'group' ? groups.find(({ groupId }) => groupId === resource) : undefined;
    const members = group?.members ?? [];
    const client = found.get(key) ?? {
      role,
      scope,
      resource,
      owner,
      library: group === undefined ? null : libraryOfGroup(resource, group.assignor, members),
      settled: group === undefined ? [] : settledSettings(group.type, members),
      checkIds: new Set(),
    };
    client.checkIds.add(checkId);
    found.set(key, client);
  }
  return [...found.values()];
}
