// How each client is started, and how what it leaves is read.
import { kafkaToolCommand } from '../../sandbox/kafka/tools.ts';
import type { Bundles } from './bundles.ts';
import type { Client } from './compare.ts';
import {
  readKafkajsTable,
  readPlatformaticTable,
  readSectionTable,
  readSnapshotTable,
  readToolTable,
} from './measure/tables.ts';

/** Kafka's own time for a call; its default of 5 s is short for this many groups. */
const TOOL_TIMEOUT_MS = 120_000;

export const OURS = 'msk-checkup collector';
export const COMMAND_LINE = 'msk-checkup collect';
export const KAFKAJS = 'kafkajs admin';
export const PLATFORMATIC = '@platformatic/kafka admin';
export const KAFKA_TOOL = 'kafka-consumer-groups.sh';

export function ours({ collector }: Bundles, bootstrap: string): Client {
  return { name: OURS, program: node(collector, bootstrap), readTable: readSectionTable };
}

/** The whole product: node, every section, time lag, validation, a snapshot on stdout. */
export function commandLine({ commandLine: script }: Bundles, bootstrap: string): Client {
  const options = ['--bootstrap', bootstrap, '--auth', 'none', '--samples', '1', '--json', '--no-redact'];
  return { name: COMMAND_LINE, program: node(script, 'collect', ...options), readTable: readSnapshotTable };
}

export function kafkajs({ kafkajs: script }: Bundles, bootstrap: string): Client {
  return { name: KAFKAJS, program: node(script, bootstrap), readTable: readKafkajsTable };
}

export function platformatic({ platformatic: script }: Bundles, bootstrap: string): Client {
  return { name: PLATFORMATIC, program: node(script, bootstrap), readTable: readPlatformaticTable };
}

export async function kafkaTool(version: string, bootstrap: string): Promise<Client> {
  const options = ['--describe', '--all-groups', '--timeout', String(TOOL_TIMEOUT_MS)];
  const command = await kafkaToolCommand({ version, bootstrap }, 'kafka-consumer-groups', options);
  return { name: KAFKA_TOOL, program: { kind: 'other', ...command }, readTable: readToolTable };
}

function node(...args: string[]): Client['program'] {
  return { kind: 'node', command: process.execPath, args };
}
