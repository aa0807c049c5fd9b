// MSK's brokers let every authenticated principal do everything on what has no ACL, by default. IAM principals are not concerned: their
// policies decide. Source: docs.aws.amazon.com/msk/latest/developerguide/msk-acls.html
import { effectiveConfig } from '../../analysis/effective-config.ts';
import { accessByAcl, OPEN_ACLS } from '../../analysis/security-controls.ts';
import { defineCheck } from '../check.ts';
import { applyConfiguration, RESTART_RISK } from '../shared/apply-config.ts';
import { kafkaTool } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { clusterFinding, controlGap, MSK_PROVISIONED, NOT_SECURED_BY_US, securityTable } from '../shared/security.ts';
import { severityFor } from '../shared/severity.ts';

export default defineCheck({
  id: 'acl-default-open',
  area: 'security',
  title: { pass: 'What has no ACL is closed', fail: 'What has no ACL is open to every principal' },
  why: 'Any client with a password or a certificate may then read, write and delete every topic that nobody wrote an ACL for.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-acls.html',
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html',
  ],
  appliesTo: MSK_PROVISIONED,
  notApplicable: NOT_SECURED_BY_US,
  needs: ['security'],
  mayUse: ['cluster', 'configuration', 'kafkaBrokerConfigs'],
  toleratesPartial: ['security', 'cluster', 'configuration', 'kafkaBrokerConfigs'],
  evaluate({ security, ...inputs }, _thresholds, run) {
    const state = accessByAcl(security, inputs);
    if (state === 'not-applicable')
      return {
        kind: 'not-applicable',
        because: 'Neither SASL/SCRAM nor mutual TLS is on, and ACLs do not concern IAM.',
      };
    const setting = effectiveConfig(OPEN_ACLS, inputs);
    const { scram, tls, iam } = security.authentication;
    return conclude({
      findings: clusterFinding(state, run, severityFor(run, ['medium', 'low', 'info']), setting?.source ?? ''),
      gap: controlGap(state, 'who may reach what has no ACL'),
      evidence: [
        securityTable(
          'Authentication, and what holds without an ACL (ACLs themselves are not read)',
          [
            [OPEN_ACLS, setting === null ? null : `${setting.value}: ${setting.source}`],
            ['SASL/SCRAM', scram],
            ['Mutual TLS', tls],
            ['IAM', iam],
          ],
          run,
        ),
      ],
      pass: `${OPEN_ACLS} is false: who has no ACL is refused.`,
      fail: () =>
        `${OPEN_ACLS} is true: every principal of SASL/SCRAM or mutual TLS may do everything on what has no ACL.`,
      recommend: () => ({
        action: `Write ACLs for every client first, then set ${OPEN_ACLS}=false`,
        confirmFirst:
          'Rule out that every topic has ACLs already, and list which principal uses which topic and group.',
        commands: [
          kafkaTool('kafka-acls.sh', { purpose: 'List the ACLs that there are', args: ['--list'] }),
          ...applyConfiguration([`${OPEN_ACLS}=false`], inputs.configuration, run),
        ],
        risk: `Clients without an ACL are locked out the moment it holds, brokers' own principals among them. ${RESTART_RISK}`,
        expectedEffect: 'A leaked password opens what its principal needs, and nothing else.',
        verifyAfter: 'Groups keep their members, and producers get no authorization errors.',
        effort: 'rollingRestart',
        impact: { kind: 'none' },
      }),
    });
  },
});
