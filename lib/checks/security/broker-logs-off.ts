// Broker logs say who was refused, which client spoke an old protocol and why a broker went. Without a destination they are gone with it.
// Source: docs.aws.amazon.com/msk/latest/developerguide/msk-logging.html
import { brokerLogsKept } from '../../analysis/security-controls.ts';
import { defineCheck } from '../check.ts';
import { awsKafka } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { clusterFinding, controlGap, MSK_PROVISIONED, securityTable } from '../shared/security.ts';
import { severityFor } from '../shared/severity.ts';

export default defineCheck({
  id: 'broker-logs-off',
  area: 'security',
  title: { pass: 'Broker logs are kept', fail: 'Broker logs are kept nowhere' },
  why: 'After an incident nobody can tell what the brokers saw: MSK keeps no logs of its own for you.',
  references: ['https://docs.aws.amazon.com/msk/latest/developerguide/msk-logging.html'],
  appliesTo: MSK_PROVISIONED,
  notApplicable: {
    serverless: 'MSK Serverless delivers no broker logs.',
    kafka: 'Where a cluster outside MSK keeps its logs, the Kafka protocol does not tell.',
  },
  needs: ['security'],
  mayUse: [],
  toleratesPartial: ['security'],
  evaluate({ security }, _thresholds, run) {
    const { cloudWatch, firehose, s3 } = security.brokerLogs;
    const state = brokerLogsKept(security);
    const on = [
      cloudWatch === true ? 'CloudWatch Logs' : '',
      firehose === true ? 'Firehose' : '',
      s3 === true ? 'S3' : '',
    ];
    return conclude({
      findings: clusterFinding(state, run, severityFor(run, ['medium', 'low', 'info']), 'no destination is on'),
      gap: controlGap(state, 'where broker logs go'),
      evidence: [
        securityTable(
          'Destinations of broker logs',
          [
            ['CloudWatch Logs', cloudWatch],
            ['Firehose', firehose],
            ['S3', s3],
          ],
          run,
        ),
      ],
      pass: `Broker logs go to ${on.filter((name) => name !== '').join(', ')}.`,
      fail: () => 'No destination of broker logs is on.',
      recommend: () => ({
        action: 'Deliver broker logs, to S3 where they are cheapest to keep',
        confirmFirst: 'Ask where the other logs of this account go, and who may read them.',
        commands: awsKafka(run, 'update-monitoring', {
          purpose: 'Deliver broker logs to a bucket: put its name in place of YOUR-BUCKET',
          effect: 'change',
          args: [
            '--current-version',
            { variable: 'CURRENT_VERSION' },
            '--logging-info',
            JSON.stringify({ BrokerLogs: { S3: { Enabled: true, Bucket: 'YOUR-BUCKET', Prefix: run.clusterName } } }),
          ],
        }),
        risk: 'Logs are billed by volume; at the usual level INFO a broker writes little unless clients misbehave.',
        expectedEffect: 'The next incident can be explained.',
        verifyAfter: 'Objects of every broker arrive within minutes.',
        effort: 'setting',
        impact: { kind: 'unknown', because: 'how much the brokers log is not published' },
      }),
    });
  },
});
