// Whether the brokers have addresses on the internet. Security groups are no part of MSK's answer: they decide who of the internet gets
// through, and matter beyond the VPC only while there are such addresses.
// Source: https://docs.aws.amazon.com/msk/latest/developerguide/public-access.html
import { authenticationRequired, keptPrivate } from '../../analysis/security-controls.ts';
import { defineCheck, type RunContext } from '../check.ts';
import { awsKafka } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import {
  clusterFinding,
  connectedTable,
  controlGap,
  MSK_PROVISIONED,
  NOT_SECURED_BY_US,
  securityTable,
} from '../shared/security.ts';
import { severityFor } from '../shared/severity.ts';

const PUBLIC_ACCESS = 'https://docs.aws.amazon.com/msk/latest/developerguide/public-access.html';

export default defineCheck({
  id: 'cluster-public',
  area: 'security',
  title: { pass: 'Brokers cannot be reached from the internet', fail: 'Brokers with addresses on the internet' },
  why: 'One rule of a security group, or one leaked password, is then all that stands between the data and everybody.',
  references: [PUBLIC_ACCESS],
  appliesTo: MSK_PROVISIONED,
  notApplicable: NOT_SECURED_BY_US,
  needs: ['security'],
  mayUse: ['metrics'],
  toleratesPartial: ['security', 'metrics'],
  evaluate({ security, metrics }, _thresholds, run) {
    const state = keptPrivate(security);
    const isOpen = authenticationRequired(security) === 'unmet';
    const severity = isOpen ? 'critical' : severityFor(run, ['high', 'high', 'medium']);
    const { authentication, publicAccess } = security;
    return conclude({
      findings: clusterFinding(
        state,
        run,
        severity,
        isOpen ? 'and clients need no authentication' : 'public access is on',
      ),
      gap: controlGap(state, 'whether brokers have public addresses'),
      evidence: [
        securityTable(
          'Public access',
          [
            ['PublicAccess', publicAccess],
            ['Unauthenticated', authentication.unauthenticated],
          ],
          run,
        ),
        ...connectedTable(metrics, run),
      ],
      pass: 'Public access is off: no broker has an address on the internet.',
      fail: () => `Public access is on${isOpen ? ', and clients need no authentication' : ''}.`,
      recommend: () => recommend(isOpen, run),
    });
  },
});

function recommend(isOpen: boolean, run: RunContext) {
  return {
    action: isOpen
      ? 'Turn public access off now, and let remote clients in over a VPN, peering or private connectivity'
      : 'Turn public access off, and let remote clients in over a VPN, peering or private connectivity',
    confirmFirst:
      "Ask who needs the public addresses, and look at the inbound rules of the brokers' security groups, which are not read here: 0.0.0.0/0 on ports 9092 to 9198, 11001, 11002 or 2181 is open to all.",
    commands: [
      ...awsKafka(run, 'describe-cluster-v2', {
        purpose: 'Name the security groups whose inbound rules decide who gets through',
        args: ['--query', 'ClusterInfo.Provisioned.BrokerNodeGroupInfo.SecurityGroups'],
      }),
      ...awsKafka(run, 'update-connectivity', {
        purpose: 'Take the public addresses away',
        effect: 'change',
        args: [
          '--current-version',
          { variable: 'CURRENT_VERSION' },
          '--connectivity-info',
          JSON.stringify({ PublicAccess: { Type: 'DISABLED' } }),
        ],
      }),
    ],
    risk: 'Clients outside the VPC lose access until they have another way.',
    expectedEffect: 'Only networks that you connect to the VPC reach the brokers.',
    verifyAfter: 'describe-cluster-v2 shows PublicAccess DISABLED, and remote groups still make progress.',
    effort: 'migration' as const,
    impact: { kind: 'none' as const },
  };
}
