// Whether clients can reach the brokers without TLS, and whether brokers copy records to each other without it.
// Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html
import { transitEncrypted } from '../../analysis/security-controls.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { defineCheck, type Recommendation, type RunContext } from '../check.ts';
import { awsKafka } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import {
  CLIENTS_FIRST,
  clusterFinding,
  connectedTable,
  controlGap,
  MSK_PROVISIONED,
  NOT_SECURED_BY_US,
  securityTable,
  UPDATE_SECURITY,
} from '../shared/security.ts';
import { severityFor } from '../shared/severity.ts';

type Security = SectionValue<'security'>;

export default defineCheck({
  id: 'transit-plaintext',
  area: 'security',
  title: { pass: 'All traffic is encrypted', fail: 'Traffic without encryption' },
  why: 'Whoever sees the network sees records, and the passwords in them, or changes them on their way.',
  references: ['https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html', UPDATE_SECURITY],
  appliesTo: MSK_PROVISIONED,
  notApplicable: NOT_SECURED_BY_US,
  needs: ['security'],
  mayUse: ['metrics'],
  toleratesPartial: ['security', 'metrics'],
  evaluate({ security, metrics }, _thresholds, run) {
    const { clientBroker, inCluster } = security.encryption;
    const state = transitEncrypted(security);
    const severity =
      clientBroker === 'PLAINTEXT'
        ? severityFor(run, ['critical', 'high', 'medium'])
        : severityFor(run, ['high', 'medium', 'low']);
    return conclude({
      findings: clusterFinding(state, run, severity, faults(security).join('; ')),
      gap: controlGap(state, 'how traffic is encrypted'),
      evidence: [
        securityTable(
          'Encryption in transit',
          [
            ['ClientBroker', clientBroker],
            ['InCluster', inCluster],
          ],
          run,
        ),
        ...connectedTable(metrics, run),
      ],
      pass: 'Clients and brokers speak TLS, and nothing else.',
      fail: () => `Traffic may go unencrypted: ${faults(security).join('; ')}.`,
      recommend: () => recommend(security, run),
    });
  },
});

function faults({ encryption: { clientBroker, inCluster } }: Security): string[] {
  return [
    ...(clientBroker === 'PLAINTEXT' ? ['clients can use nothing but plaintext'] : []),
    ...(clientBroker === 'TLS_PLAINTEXT' ? ['clients may use plaintext beside TLS'] : []),
    ...(inCluster === false ? ['brokers copy records to each other in plaintext'] : []),
  ];
}

function recommend({ encryption: { clientBroker } }: Security, run: RunContext): Recommendation {
  // From plaintext alone clients need a time in which both work.
  const next = clientBroker === 'PLAINTEXT' ? 'TLS_PLAINTEXT' : 'TLS';
  const isOfClients = clientBroker !== 'TLS';
  return {
    action: isOfClients
      ? 'Move every client to a TLS listener, then turn plaintext off'
      : 'Plan a new cluster with encryption between brokers, which is chosen at creation only',
    confirmFirst: CLIENTS_FIRST,
    commands: isOfClients
      ? awsKafka(run, 'update-security', {
          purpose: next === 'TLS' ? 'Turn plaintext off, once no client uses it' : 'Offer TLS beside plaintext first',
          effect: 'change',
          args: [
            '--current-version',
            { variable: 'CURRENT_VERSION' },
            '--encryption-info',
            JSON.stringify({ EncryptionInTransit: { ClientBroker: next } }),
          ],
        })
      : [],
    risk: 'Clients that still use plaintext lose their connection; TLS costs brokers and clients some CPU, and the update restarts the brokers one after the other.',
    expectedEffect: 'Nobody on the network can read or change records.',
    verifyAfter: 'describe-cluster-v2 shows ClientBroker TLS, and connection counts and lag are as before.',
    effort: isOfClients ? 'clientChange' : 'migration',
    impact: { kind: 'none' },
  };
}
