// The commands that checks propose, with real names in them. The report's setup lines define $BOOTSTRAP and $CURRENT_VERSION.
import { type Command, type CommandArg, optionArgs } from '../../text/command.ts';
import type { RunContext } from '../check.ts';

type Effect = Command['effect'];

/** `kafka-topics.sh`, `kafka-configs.sh`, ... with connection and credentials in front of its own arguments. */
export function kafkaTool(
  tool: string,
  { purpose, effect = 'read', args }: { purpose: string; effect?: Effect; args: readonly CommandArg[] },
): Command {
  // kafka-leader-election.sh alone spells this option as older tools did.
  const config = tool === 'kafka-leader-election.sh' ? '--admin.config' : '--command-config';
  return {
    purpose,
    effect,
    argv: [tool, '--bootstrap-server', { variable: 'BOOTSTRAP' }, config, 'client.properties', ...args],
  };
}

/** One dynamic setting of a topic, effective at once and without a restart. */
export function setTopicConfig(purpose: string, topic: string, key: string, value: string): Command {
  return kafkaTool('kafka-configs.sh', {
    purpose,
    effect: 'change',
    args: [
      '--alter',
      '--entity-type',
      'topics',
      ...optionArgs('--entity-name', topic),
      '--add-config',
      `${key}=${value}`,
    ],
  });
}

/** Whom a destructive step would hit: what each group reads, and how far back. */
export function showReaders(): Command {
  return kafkaTool('kafka-consumer-groups.sh', {
    purpose: 'Show which group reads which topic, and how far behind',
    args: ['--describe', '--all-groups'],
  });
}

export function describeGroup(groupId: string, ...more: string[]): Command {
  return kafkaTool('kafka-consumer-groups.sh', {
    purpose: 'Show members, committed offsets and lag of the group',
    args: ['--describe', ...optionArgs('--group', groupId), ...more],
  });
}

/** `aws kafka ...` about this cluster; none when the target is no MSK cluster. */
export function awsKafka(
  run: RunContext,
  verb: string,
  { purpose, effect = 'read', args = [] }: { purpose: string; effect?: Effect; args?: readonly CommandArg[] },
): Command[] {
  if (run.clusterArn === null) return [];
  return [
    {
      purpose,
      effect,
      argv: ['aws', 'kafka', verb, ...regionOf(run.clusterArn), '--cluster-arn', run.clusterArn, ...args],
    },
  ];
}

/** The ARN names its region; the shell's default may be another. */
export function regionOf(arn: string): string[] {
  const region = arn.split(':')[3];
  return region === undefined || region === '' ? [] : ['--region', region];
}

export function listOperations(run: RunContext): Command[] {
  return awsKafka(run, 'list-cluster-operations-v2', { purpose: 'Show running and recent cluster operations' });
}

const CONFIGURATION_FILE = 'server.properties';

/**
 * The steps that change a static broker setting on MSK. A revision replaces the whole file, so the present one is fetched first.
 * Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-operations.html
 */
export function fetchServerProperties(
  run: RunContext,
  configuration: { arn: string; revision: number } | null,
): Command[] {
  if (run.clusterArn === null || configuration === null) return [];
  const { arn, revision } = configuration;
  const at = [...regionOf(run.clusterArn), '--arn', arn, '--revision', String(revision)];
  return [
    {
      purpose: `Fetch the present configuration as ${CONFIGURATION_FILE}, to edit it: a new revision replaces the whole file`,
      effect: 'read',
      decodesTo: CONFIGURATION_FILE,
      argv: [
        'aws',
        'kafka',
        'describe-configuration-revision',
        ...at,
        '--query',
        'ServerProperties',
        '--output',
        'text',
      ],
    },
  ];
}
