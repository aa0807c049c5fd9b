// What a file is: which dialect its keys are of, what it configures, and its settings in Kafka's words.
import type { ClientLibrary } from '../../facts/client-libraries.ts';
import { kafkaNameOf } from '../../facts/client-names.ts';
import { safeLabel } from '../../text/sanitize.ts';
import { plural } from '../../text/units.ts';
import {
  type Block,
  type Entry,
  LintInputError,
  type LintKind,
  type LintOptions,
  type Setting,
  type Syntax,
} from '../lint-types.ts';
import {
  DIALECTS,
  type Dialect,
  isJvmOption,
  isTelling,
  knownIn,
  locate,
  sectionsOf,
  TOPIC_REQUEST,
} from './dialects.ts';
import { isSecret } from './secrets.ts';
import { inKafkasWords, splitComment, withoutSyntax } from './values.ts';

export interface Recognised {
  kind: LintKind;
  library: ClientLibrary | null;
  because: string;
  blocks: readonly Block[];
}

type Wanted = Pick<LintOptions, 'kind' | 'library'>;

/** @throws LintInputError when no key of the file is one that we know and nobody said what it is */
export function recognise(path: string, syntax: Syntax, entries: readonly Entry[], wanted: Wanted): Recognised {
  const { dialect, because } = dialectOf(path, syntax, entries, wanted);
  const located = entries.map((entry) => settingOf(dialect, syntax, entry));
  const kind =
    wanted.kind ??
    kindOf(
      path,
      dialect,
      located.map(({ setting }) => setting),
    );
  const labels = [...new Set(located.map(({ label }) => label))];
  const library = isClient(dialect) ? dialect : null;
  const blocks = labels.map((label): Block => {
    const settings = located.filter((each) => each.label === label).map(({ setting }) => setting);
    return { file: path, kind, library, syntax, label, settings };
  });
  return { kind, library, because, blocks };
}

function isClient(dialect: Dialect): dialect is ClientLibrary {
  return dialect !== 'topic' && dialect !== 'broker';
}

function dialectOf(path: string, syntax: Syntax, entries: readonly Entry[], { kind, library }: Wanted) {
  const candidates = DIALECTS.filter((dialect) => {
    if (kind === 'topic' || kind === 'broker') return dialect === kind;
    return isClient(dialect) ? library === null || dialect === library : kind === null && library === null;
  });
  const knowing = entries.map(({ path: keys }) => DIALECTS.filter((dialect) => locate(dialect, keys).isKnown));
  const scored = candidates.map((dialect) => {
    const found = scoreOf(dialect, entries, knowing);
    return { dialect, ...found, score: found.known + hint(dialect, path, syntax) };
  });
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
  const asked = [kind === null ? '' : `--kind ${kind}`, library === null ? '' : `--library ${library}`].filter(Boolean);
  if (candidates.length === 1) return { dialect: best.dialect, because: asked.join(' ') };
  if (!best.isSure && asked.length === 0) {
    throw new LintInputError(
      `${path}: no setting of a Kafka client, topic or broker that we know; name what it is with --kind and --library`,
    );
  }
  const proof =
    best.telling === null
      ? ', none of them telling: --kind and --library decide'
      : `, \`${safeLabel(best.telling, 60)}\` of it alone`;
  const found = `${best.known} of ${plural(entries.length, 'key')} known${proof}`;
  return { dialect: best.dialect, because: [...asked, found].join('; ') };
}

/**
 * How many keys a dialect knows, and one of them that no other does.
 * @param knowing the dialects that know each entry
 */
function scoreOf(dialect: Dialect, entries: readonly Entry[], knowing: readonly (readonly Dialect[])[]) {
  const own = knowing.filter((dialects) => dialects.includes(dialect));
  const telling = entries.find((_, index) => knowing[index]!.length === 1 && knowing[index]![0] === dialect);
  const isSure = entries.some(
    ({ path }, index) => knowing[index]!.includes(dialect) && isTelling(locate(dialect, path).key),
  );
  return { known: own.length, isSure, telling: telling === undefined ? null : locate(dialect, telling.path).key };
}

/** The name of the file counts as one key. */
function hint(dialect: Dialect, path: string, syntax: Syntax): number {
  const name = path.split('/').at(-1)!.toLowerCase();
  if (dialect === 'broker') return /server|broker|cluster/.test(name) ? 1 : 0;
  if (dialect === 'topic') return /topic/.test(name) ? 1 : 0;
  if (name.includes(dialect === 'librdkafka' ? 'rdkafka' : dialect)) return 1;
  // Objects with dotted names are what bindings of librdkafka take; files of properties are Java's.
  return (dialect === 'librdkafka' && syntax !== 'properties') || (dialect === 'java' && syntax === 'properties')
    ? 0.1
    : 0;
}

function kindOf(path: string, dialect: Dialect, settings: readonly Setting[]): LintKind {
  if (!isClient(dialect)) return dialect;
  const sections = new Set(settings.map(({ section }) => section).filter((section) => section !== null));
  const roles = new Set(settings.map(({ role }) => role).filter((role) => role !== 'both'));
  if (sections.size === 2) return 'client';
  const [section] = sections;
  if (section !== undefined) return section;
  const named = /(producer|consumer)/.exec(path.split('/').at(-1)!.toLowerCase())?.[1] as
    | 'producer'
    | 'consumer'
    | undefined;
  if (named !== undefined) return named;
  const [role] = roles;
  return roles.size === 1 ? role! : 'client';
}

function settingOf(dialect: Dialect, syntax: Syntax, entry: Entry): { label: string; setting: Setting } {
  const { key, isKnown, prefix } = locate(dialect, entry.path);
  const known = knownIn(dialect, key);
  const { label, section } = sectionsOf(prefix);
  const type = known?.type ?? { type: 'text' };
  const library = isClient(dialect) ? dialect : null;
  const isHidden = isSecret(key, type, entry.text);
  const takesComment = syntax === 'properties' && isKnown && !isHidden && !isJvmOption(key);
  const { text, comment } = takesComment ? splitComment(entry.text) : { text: entry.text, comment: null };
  const bare = syntax === 'properties' && dialect === 'kafka-python' ? withoutSyntax(text) : text;
  const name = nameOf(dialect, key, isKnown);
  const { line, column, endColumn } = entry;
  const value = inKafkasWords(library, name, bare);
  const role = section !== null && (known?.role ?? 'both') === 'both' ? section : (known?.role ?? 'both');
  const setting = { key, name, text: bare, value, comment, type, role, section, isKnown, isSecret: isHidden };
  return { label, setting: { ...setting, line, column, endColumn } };
}

function nameOf(dialect: Dialect, key: string, isKnown: boolean): string | null {
  if (!isKnown) return null;
  if (isClient(dialect)) return kafkaNameOf(dialect, key);
  return dialect === 'topic' && Object.hasOwn(TOPIC_REQUEST, key) && key !== 'partitions' ? TOPIC_REQUEST[key]! : key;
}
