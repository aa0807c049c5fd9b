// How a static broker setting is changed on MSK: a revision replaces the whole file, and rolls through the brokers.
// Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-operations.html
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Command } from '../../text/command.ts';
import type { RunContext } from '../check.ts';
import { awsKafka, fetchServerProperties, kafkaTool, regionOf } from './commands.ts';

const FILE = 'fileb://server.properties';

/**
 * The commands that put the lines into force, the present file first; none outside MSK.
 * @param lines `key=value`, or `no key` for a line to take out
 */
export function applyConfiguration(
  lines: readonly string[],
  configuration: Collected<SectionValue<'configuration'>>,
  run: RunContext,
): Command[] {
  if (run.clusterArn === null || lines.length === 0) return [];
  const region = regionOf(run.clusterArn);
  const edit = `server.properties with ${lines.join(', ')}, every other line kept`;
  if (!configuration.ok) {
    if (configuration.reason !== 'not-enabled') return [];
    const name = ['--name', `${run.clusterName}-settings`];
    const argv = ['aws', 'kafka', 'create-configuration', ...region, ...name, '--server-properties', FILE];
    const purpose = `The cluster has no configuration of its own: store ${lines.join(', ')} as one, then apply it`;
    return [{ purpose, effect: 'change', argv }];
  }
  const { arn, latest } = configuration.value;
  const update = ['aws', 'kafka', 'update-configuration', ...region, '--arn', arn, '--server-properties', FILE];
  return [
    ...fetchServerProperties(run, configuration.value),
    { purpose: `Store ${edit}, as a new revision`, effect: 'change', argv: update },
    ...(latest === null || latest === undefined ? [] : rollOut(arn, latest.revision + 1, run)),
  ];
}

/** Puts a revision into force. */
export function rollOut(arn: string, revision: number, run: RunContext): Command[] {
  return awsKafka(run, 'update-cluster-configuration', {
    purpose: `Apply revision ${revision}, broker after broker, off peak`,
    effect: 'change',
    args: [
      '--configuration-info',
      `Arn=${arn},Revision=${revision}`,
      '--current-version',
      { variable: 'CURRENT_VERSION' },
    ],
  });
}

/** A setting that Kafka takes over without a restart, for all brokers. */
export function setForAllBrokers(purpose: string, key: string, value: string): Command {
  return kafkaTool('kafka-configs.sh', {
    purpose,
    effect: 'change',
    args: ['--alter', '--entity-type', 'brokers', '--entity-default', '--add-config', `${key}=${value}`],
  });
}

export const CONFIRM_CONFIG =
  'Compare the file with what the brokers answer, and ask who set the value: a revision replaces the whole file.';
export const RESTART_RISK = 'A new revision restarts the brokers one after the other.';
