import { describe, expect, test } from 'vitest';
import { renderEmailText } from '../../lib/report/email-text.ts';
import { renderHtml } from '../../lib/report/html.ts';
import { aSnapshot, CLUSTER_ARN } from '../builders/a-snapshot.ts';
import { build, drawn } from './built-report.ts';
import { terminal } from './rendered.ts';

describe('setup lines', () => {
  const kafka = [
    'kafka-topics.sh',
    '--bootstrap-server',
    { variable: 'BOOTSTRAP' as const },
    '--command-config',
    'client.properties',
  ];
  const storage = ['aws', 'kafka', 'x', '--current-version', { variable: 'CURRENT_VERSION' as const }];

  test('only what the commands use', () => {
    expect(build(aSnapshot().build(), [drawn({ id: 'cpu-high', findings: [['a', 'low']] })]).setup).toEqual([]);
    expect(
      build(aSnapshot().build(), [drawn({ id: 'cpu-high', findings: [['a', 'low']], argv: storage })]).setup,
    ).toEqual([
      `CURRENT_VERSION=$(aws kafka describe-cluster-v2 --cluster-arn ${CLUSTER_ARN} --region eu-west-1 --query ClusterInfo.CurrentVersion --output text)`,
    ]);
  });

  test('every form says that the version is to be read again after an update, where one is used', () => {
    const told = (argv: typeof storage | typeof kafka) => {
      const report = build(aSnapshot().build(), [drawn({ id: 'cpu-high', findings: [['a', 'high']], argv })]);
      return [renderHtml(report).body, renderEmailText(report).body, terminal(report)].map((body) =>
        body.includes('(CURRENT_VERSION again after each update)'),
      );
    };
    expect(told(storage)).toEqual([true, true, true]);
    expect(told(kafka)).toEqual([false, false, false]);
  });

  test('MSK: the bootstrap addresses and client settings of the way the cluster authenticates', () => {
    const snapshot = aSnapshot().withSection('bootstrap', { saslIam: 'b-1:9098', tls: 'b-1:9094' }).build();
    const { setup } = build(snapshot, [drawn({ id: 'cpu-high', findings: [['a', 'low']], argv: kafka })]);
    expect(setup[0]).toContain('get-bootstrap-brokers');
    expect(setup[0]).toContain('--query BootstrapBrokerStringSaslIam ');
    expect(setup[1]).toContain('sasl.mechanism=AWS_MSK_IAM');
    expect(setup[1]).toMatch(/^\[ -e client\.properties \] \|\| printf '%s\\n' /);
  });

  test('any other Kafka: a placeholder that a shell does not take for a redirection', () => {
    const { setup } = build(aSnapshot().withKind('kafka').build(), [
      drawn({ id: 'cpu-high', findings: [['a', 'low']], argv: kafka }),
    ]);
    expect(setup).toEqual([
      "BOOTSTRAP='<your bootstrap servers>'",
      '[ -e client.properties ] || : > client.properties',
    ]);
  });
});
