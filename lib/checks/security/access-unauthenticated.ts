// Whether anybody who reaches the brokers may read and write: without authentication Kafka knows no principal that an ACL could refuse.
// Source: https://docs.aws.amazon.com/msk/latest/developerguide/kafka_apis_iam.html
import { authenticationRequired } from '../../analysis/security-controls.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { defineCheck, type Recommendation, type RunContext } from '../check.ts';
import { awsKafka } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { compareLoads } from '../shared/metric-command.ts';
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

type Authentication = SectionValue<'security'>['authentication'];

const CURRENT = ['--current-version', { variable: 'CURRENT_VERSION' }] as const;

export default defineCheck({
  id: 'access-unauthenticated',
  area: 'security',
  title: { pass: 'Clients must authenticate', fail: 'Clients need no authentication' },
  why: 'Whoever reaches the brokers, one compromised host in the VPC is enough, reads, writes and deletes everything.',
  references: [UPDATE_SECURITY, 'https://docs.aws.amazon.com/msk/latest/developerguide/kafka_apis_iam.html'],
  appliesTo: MSK_PROVISIONED,
  notApplicable: NOT_SECURED_BY_US,
  needs: ['security'],
  mayUse: ['metrics'],
  toleratesPartial: ['security', 'metrics'],
  evaluate({ security, metrics }, _thresholds, run) {
    const { authentication, encryption } = security;
    const state = authenticationRequired(security);
    const others = otherWays(authentication);
    const beside = others.length === 0 ? 'the only way in' : `beside ${others.join(', ')}`;
    return conclude({
      findings: clusterFinding(state, run, severityFor(run, ['critical', 'high', 'medium']), beside),
      gap: controlGap(state, 'whether clients must authenticate'),
      evidence: [
        securityTable(
          'Ways into the cluster',
          [
            ['Unauthenticated', authentication.unauthenticated],
            ['IAM', authentication.iam],
            ['SASL/SCRAM', authentication.scram],
            ['Mutual TLS', authentication.tls],
            ['ClientBroker', encryption.clientBroker],
          ],
          run,
        ),
        ...connectedTable(metrics, run),
      ],
      pass: `Clients must authenticate${others.length === 0 ? '' : ` by ${others.join(' or ')}`}.`,
      fail: () => `Unauthenticated access is on, ${beside}.`,
      recommend: () => recommend(others.length > 0, run),
    });
  },
});

function otherWays({ iam, scram, tls }: Authentication): string[] {
  return [
    ...(iam === true ? ['IAM'] : []),
    ...(scram === true ? ['SASL/SCRAM'] : []),
    ...(tls === true ? ['mutual TLS'] : []),
  ];
}

function recommend(hasOther: boolean, run: RunContext): Recommendation {
  const update = (purpose: string, authentication: object) =>
    awsKafka(run, 'update-security', {
      purpose,
      effect: 'change',
      args: [...CURRENT, '--client-authentication', JSON.stringify(authentication)],
    });
  return {
    action: hasOther
      ? 'Move the remaining clients to an authenticated listener, then turn unauthenticated access off'
      : 'Enable IAM, SASL/SCRAM or mutual TLS, move every client, then turn unauthenticated access off',
    confirmFirst: CLIENTS_FIRST,
    commands: [
      ...compareLoads(run, METRICS.clientConnections),
      ...(hasOther ? [] : update('Offer IAM beside the open way in', { Sasl: { Iam: { Enabled: true } } })),
      ...update('Close the open way in, once no client uses it', { Unauthenticated: { Enabled: false } }),
    ],
    risk: 'Clients that were forgotten are locked out. IAM and SASL/SCRAM need TLS between clients and brokers. Each update restarts the brokers one after the other.',
    expectedEffect: 'Only known principals reach the data, and their rights can be limited.',
    verifyAfter: 'describe-cluster-v2 shows Unauthenticated false, and no group lost its members.',
    effort: 'clientChange',
    impact: { kind: 'none' },
  };
}
