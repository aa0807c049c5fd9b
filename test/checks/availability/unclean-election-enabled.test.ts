import { describe, expect, test } from 'vitest';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const KEY = 'unclean.leader.election.enable';
const own = (value: string) => aSnapshot().withTopic('orders', { configs: { [KEY]: value } });

/** Topics that all inherit MSK's default of true. */
function inherited(topics: number) {
  const snapshot = aSnapshot();
  for (let i = 0; i < topics; i++) snapshot.withTopic(`t-${i}`);
  const built = snapshot.build();
  const configs = built.sections.kafkaTopicConfigs;
  if (configs?.ok)
    for (const topic of Object.values(configs.value)) topic[KEY] = { value: 'true', source: 'static-broker' };
  return built;
}

describe('unclean-election-enabled', () => {
  describeVerdicts('unclean-election-enabled', [
    ['passes: false everywhere', own('false'), 'pass'],
    ['fails: a topic turned it on', own('true'), 'fail', 'high orders'],
    [
      'not applicable: with one replica there is no other to elect',
      aSnapshot().withTopic('solo', { replicationFactor: 1, configs: { [KEY]: 'true' } }),
      'not-applicable',
    ],
    [
      "passes: MSK's own topic turned it on, which nobody else can change",
      own('false').withTopic('__amazon_msk_canary', { configs: { [KEY]: 'true' } }),
      'pass',
    ],
    [
      "not applicable: no topic but MSK's own",
      aSnapshot().withTopic('__amazon_msk_canary', { configs: { [KEY]: 'true' } }),
      'not-applicable',
    ],
    ['fails on Kafka without AWS', own('true').withKind('kafka'), 'fail', 'high orders'],
    ['not applicable: Express', own('true').withKind('provisioned-express'), 'not-applicable'],
    ['not applicable: Serverless', own('true').withKind('serverless'), 'not-applicable'],
    ['not applicable: no topics', aSnapshot(), 'not-applicable'],
    ['no-data: configurations were not read', own('false').without('kafkaTopicConfigs', 'timed-out'), 'no-data'],
    [
      'no-data: the configuration of one topic is missing',
      own('false').withSection('kafkaTopicConfigs', {}),
      'no-data',
    ],
  ]);

  describeSeverities('unclean-election-enabled', () => own('true'), {
    production: 'high',
    staging: 'medium',
    development: 'info',
  });

  describeVerdicts(
    'unclean-election-enabled',
    [
      [
        'passes: a topic that need not last turned it on',
        own('false').withTopic('tmp', { configs: { [KEY]: 'true' } }),
        'pass',
      ],
      ['fails: one that must last did too', own('true'), 'fail', 'high orders'],
    ],
    { overrides: { version: 1, topics: { tmp: { ephemeral: true } } } },
  );

  test("one finding for MSK's default that all topics inherit, not one a topic", () => {
    const result = runCheck('unclean-election-enabled', inherited(30));
    expect(result.findings).toHaveLength(1);
    expect(result.findings[0]).toMatchObject({ scope: 'cluster', measured: 30 });
    expect(result.findings[0]?.note).toContain("the cluster's configuration or MSK's default");
  });

  test('proposes the dynamic setting per topic and all steps of a revision for the cluster-wide one', () => {
    const commands = runCheck('unclean-election-enabled', inherited(1)).recommendation!.commands.map(renderCommand);
    expect(commands[0]).toContain('--entity-name t-0 --add-config unclean.leader.election.enable=false');
    expect(commands[1]).toContain('describe-configuration-revision --region eu-west-1');
    expect(commands[2]).toContain('update-configuration');
    expect(runCheck('unclean-election-enabled', own('true')).recommendation!.commands).toHaveLength(1);
  });
});
