// The words of the lint: a file is read into entries, entries are recognised as settings of one block, rules judge blocks.
import type { Severity, SeverityByEnvironment } from '../checks/check.ts';
import type { ClientLibrary, ClientRole, ValueType } from '../facts/client-libraries.ts';
import type { Environment, Goal } from '../policy/environment.ts';

export const LINT_KINDS = ['producer', 'consumer', 'topic', 'broker', 'client'] as const;
/** What a file configures; `client`: both a producer and a consumer, or neither of them alone. */
export type LintKind = (typeof LINT_KINDS)[number];

/** Kinds of MSK cluster that brokers and topics are judged for. */
export const CLUSTER_TYPES = ['standard', 'express', 'serverless'] as const;
export type ClusterType = (typeof CLUSTER_TYPES)[number];

export interface LintInput {
  /** As the user named it; `-` is standard input. */
  path: string;
  text: string;
}

/** What the user said; null and undefined: found out or judged for all. */
export interface LintOptions {
  environment: Environment;
  goal: Goal;
  kind: LintKind | null;
  library: ClientLibrary | null;
  /** Version of the client library. */
  clientVersion: string | null;
  /** Version of the brokers. */
  kafkaVersion: string | null;
  clusterType: ClusterType;
  /** `kafka.m7g.4xlarge`; null when nobody said. */
  instanceType: string | null;
}

/** Lines and columns from 1, columns in UTF-16 units, the end exclusive. */
export interface Place {
  line: number;
  column: number;
  endColumn: number;
}

/** One key with its value, where it stands, before anyone knows what it means. */
export interface Entry extends Place {
  /** The keys from the root of the document; one for a line of properties. */
  path: readonly string[];
  text: string;
}

export type Syntax = 'properties' | 'json' | 'yaml';

export interface Setting extends Place {
  /** As the file has it, without the sections around it. */
  key: string;
  /** Kafka's name; null for what is unknown or has no counterpart. */
  name: string | null;
  /** The value as the file has it, quotes and a comment behind it removed. */
  text: string;
  /** The value in Kafka's words: milliseconds, bytes, `all`, `lz4`. */
  value: string;
  /** What was written behind the value as if it were a comment; null when nothing was. */
  comment: string | null;
  type: ValueType;
  role: ClientRole;
  /** The role whose section it stands in; null outside of one. */
  section: 'producer' | 'consumer' | null;
  isKnown: boolean;
  /** Its value is never shown. */
  isSecret: boolean;
}

/** Settings that belong together: mostly a file, or one topic of a list of them. */
export interface Block {
  file: string;
  kind: LintKind;
  /** Null for brokers and topics. */
  library: ClientLibrary | null;
  syntax: Syntax;
  /** Where in the file; empty for the whole. */
  label: string;
  settings: readonly Setting[];
}

export interface LintContext extends Omit<LintOptions, 'kind' | 'library'> {
  /** All blocks of the run, for what one file says of another. */
  blocks: readonly Block[];
}

/** One breach of a rule. */
export interface Draft {
  /** Null: something that is not there; it is shown at the head of the file. */
  at: Setting | null;
  message: string;
  /** The line to write instead; null where the rule's own `right` says all. */
  right?: string | null;
  /** Steps by which it is milder than the rule's own severity; negative: worse. */
  milderBy?: number;
}

export interface LintRule {
  /** Stable: people suppress by it. */
  id: string;
  kinds: readonly LintKind[];
  severity: SeverityByEnvironment;
  /** What is found, as a state. */
  what: string;
  /** What goes wrong. */
  why: string;
  /** What is right, for all cases of the rule. */
  right: string;
  reference: string;
  find(block: Block, context: LintContext): readonly Draft[];
}

export interface LintFinding extends Place {
  ruleId: string;
  severity: Severity;
  /** Null for what is not there. */
  key: string | null;
  message: string;
  right: string;
  why: string;
  reference: string;
}

export interface LintedFile {
  path: string;
  syntax: Syntax;
  kind: LintKind;
  library: ClientLibrary | null;
  /** Why it was taken for that. */
  because: string;
  /** In the order of the file. */
  findings: readonly LintFinding[];
}

export interface LintReport {
  environment: Environment;
  goal: Goal;
  clusterType: ClusterType;
  files: readonly LintedFile[];
  counts: Readonly<Record<Severity, number>>;
}

/** A file that cannot be judged: one line that says where and why, without any of its values. */
export class LintInputError extends Error {
  override name = 'LintInputError';
}
