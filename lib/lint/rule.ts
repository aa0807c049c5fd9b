// What rules share: reading a setting, the words for it, and the right value in the words of the library.
import type { Severity } from '../checks/check.ts';
import { adviceFor } from '../facts/client-advice.ts';
import { clientDefaultOf, versionRank } from '../facts/client-defaults.ts';
import { libraryKeyOf } from '../facts/client-names.ts';
import type { Environment } from '../policy/environment.ts';
import { safeLabel } from '../text/sanitize.ts';
import type { Block, LintContext, Setting } from './lint-types.ts';

/** Production, staging, development. */
export function severities(
  production: Severity,
  staging: Severity,
  development: Severity,
): Record<Environment, Severity> {
  return { production, staging, development };
}

/** A rule for the files of producers, and for those that may be. */
export const PRODUCERS = ['producer', 'client'] as const;
export const CONSUMERS = ['consumer', 'client'] as const;
export const CLIENTS = ['producer', 'consumer', 'client'] as const;
export const ALL_KINDS = [...CLIENTS, 'topic', 'broker'] as const;

export const MSK_GUIDE = 'https://docs.aws.amazon.com/msk/latest/developerguide';
export const CLIENT_PAGE = `${MSK_GUIDE}/bestpractices-kafka-client.html`;
export const KAFKA_DOCS = 'https://kafka.apache.org/documentation';

/** The setting that counts: the last of its name, as every reader of these files has it. */
export function setting(block: Block, name: string): Setting | null {
  return block.settings.findLast((each) => each.name === name) ?? null;
}

/** A setting with its value as a number; null when it is not set or no number (which a rule of its own says). */
export function numeric(block: Block, name: string): { at: Setting; value: number } | null {
  const at = setting(block, name);
  const value = at === null ? null : numberOf(at.value);
  return at === null || value === null ? null : { at, value };
}

export function numberOf(text: string): number | null {
  return /^[+-]?\d+(?:\.\d+)?(?:e\d+)?$/i.test(text) ? Number(text) : null;
}

/** The value that holds: what the file says, else the library's default; null when nobody knows. */
export function effective(block: Block, name: string, { clientVersion }: LintContext): string | null {
  const at = setting(block, name);
  return at?.value ?? (block.library === null ? null : clientDefaultOf(block.library, name, clientVersion));
}

export function effectiveNumber(block: Block, name: string, context: LintContext): number | null {
  const value = effective(block, name, context);
  return value === null ? null : numberOf(value);
}

/** The same of a broker's or topic's setting, which has no library. */
export function numberOr(block: Block, name: string, fallback: number): number {
  return numeric(block, name)?.value ?? fallback;
}

export function isTrue(at: Setting | null): boolean {
  return at?.value === 'true';
}

export function isFalse(at: Setting | null): boolean {
  return at?.value === 'false';
}

/** `acks=1`, as the file has it, without the value where that is nobody's business. */
export function shown({ key, text, isSecret }: Setting): string {
  return isSecret
    ? `${safeLabel(key, 100)} (value not shown)`
    : `${safeLabel(key, 100)}=${text === '' ? '' : safeLabel(text, 60)}`;
}

/** `key=value` in the words of the block's library. */
export function line(block: Block, name: string, value: string): string {
  return `${(block.library === null ? null : libraryKeyOf(block.library, name)) ?? name}=${value}`;
}

/** The advised line for a setting; null where nothing is advised to this library. */
export function advised(block: Block, name: string, { goal }: LintContext): string | null {
  const advice = block.library === null ? null : adviceFor(block.library, name, goal);
  return advice === null ? null : `${advice.key}=${advice.value}`;
}

/** True when the version is known to be this one or newer. */
export function isAtLeast(version: string | null, wanted: string): boolean {
  const rank = version === null ? null : versionRank(version);
  return rank !== null && rank >= versionRank(wanted)!;
}
