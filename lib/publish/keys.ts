// Where everything of a run lies, in a bucket or in a directory of the same layout. Pure.

/** What names a cluster in keys; account and region are null for a Kafka cluster without AWS. */
export interface ClusterKey {
  name: string;
  /** MSK uuid or Kafka cluster id: a cluster created again under its old name gets a history of its own. */
  identity: string;
  accountId: string | null;
  region: string | null;
}

export interface RunKey {
  id: string;
  /** Calendar day of the run in the schedule's zone, `2026-11-20`. */
  dt: string;
}

export interface RunKeys {
  snapshot: string;
  html: string;
  json: string;
  latest: string;
  sent(channel: string): string;
}

const SCHEDULED = /^\d{8}T\d{4}Z$/;
const MANUAL = /^manual-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function isRunId(text: string): boolean {
  return SCHEDULED.test(text) || MANUAL.test(text);
}

/** Only scheduled runs become `latest` and the baseline of the next one. */
export function isScheduledRun(runId: string): boolean {
  return SCHEDULED.test(runId);
}

/** `20261120T0615Z`: the minute a run was scheduled for, so that a second delivery has the same id. */
export function scheduledRunId(scheduledMs: number): string {
  return `${new Date(scheduledMs).toISOString().slice(0, 16).replace(/[-:]/g, '')}Z`;
}

/** Day of an instant in a zone; `en-CA` is the locale whose short dates are ISO dates. */
export function dayInZone(atMs: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return parts.format(atMs);
}

export function runKeys(cluster: ClusterKey, run: RunKey): RunKeys {
  const clusterPart = clusterKeyPart(cluster);
  const account = keyPart(cluster.accountId ?? 'none');
  const region = keyPart(cluster.region ?? 'none');
  const of = `account=${account}/region=${region}/cluster=${clusterPart}/dt=${keyPart(run.dt)}/run=${keyPart(run.id)}`;
  return {
    snapshot: `v1/snapshots/${of}/snapshot.json.gz`,
    html: `v1/reports/${of}/report.html`,
    json: `v1/reports/${of}/report.json`,
    latest: latestKey(cluster),
    sent: (channel) => `runs/${keyPart(run.id)}/sent/${keyPart(channel)}-${clusterPart}.json`,
  };
}

/** Where the record of the last scheduled run lies. */
export function latestKey(cluster: ClusterKey): string {
  const account = keyPart(cluster.accountId ?? 'none');
  return `v1/latest/${account}/${keyPart(cluster.region ?? 'none')}/${clusterKeyPart(cluster)}.json`;
}

/** `<name>~<uuid8>`. */
export function clusterKeyPart(cluster: ClusterKey): string {
  return `${keyPart(cluster.name)}~${keyPart(cluster.identity.slice(0, 8))}`;
}

const MAX_PART = 120;

/**
 * Allow-list encoder for one part of a key: letters, digits, `-`, `_` and inner dots stay, every other byte becomes
 * `!hh`, so that no name can add a level, climb one, or imitate the separators `=` and `~`.
 */
export function keyPart(text: string): string {
  const encoded = Array.from(new TextEncoder().encode(text), (byte, index) => {
    const char = String.fromCharCode(byte);
    return /[A-Za-z0-9_-]/.test(char) || (char === '.' && index > 0) ? char : `!${byte.toString(16).padStart(2, '0')}`;
  });
  let part = '';
  for (const piece of encoded) {
    if (part.length + piece.length > MAX_PART) break;
    part += piece;
  }
  return part === '' ? '!' : part;
}
