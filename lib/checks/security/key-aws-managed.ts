// Whether the volumes are encrypted with a key of the owner's, where the owner's tag asks for one. It is chosen at creation and never again:
// docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html
import { ownKeyUsed } from '../../analysis/security-controls.ts';
import { OWN_KEY_TAG } from '../../policy/key-tag.ts';
import { defineCheck } from '../check.ts';
import { conclude } from '../shared/conclude.ts';
import { clusterFinding, controlGap, MSK_PROVISIONED, NOT_SECURED_BY_US, securityTable } from '../shared/security.ts';
import { severityFor } from '../shared/severity.ts';

export default defineCheck({
  id: 'key-aws-managed',
  area: 'security',
  title: { pass: 'Volumes are encrypted with your own key', fail: "Volumes are encrypted with AWS's key" },
  why: "With AWS's key nobody can take access away by the key, and no audit sees who used it.",
  references: ['https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html'],
  appliesTo: MSK_PROVISIONED,
  notApplicable: { ...NOT_SECURED_BY_US, serverless: 'MSK does not say which key encrypts a Serverless cluster.' },
  needs: ['security', 'tags'],
  mayUse: [],
  toleratesPartial: ['security'],
  evaluate({ security, tags }, _thresholds, run) {
    const state = ownKeyUsed(security, { ok: true, value: tags, asOfMs: run.takenAtMs });
    if (state === 'not-applicable')
      return { kind: 'not-applicable', because: `No tag ${OWN_KEY_TAG}=true asks for a key of your own.` };
    const { atRestKeyArn } = security.encryption;
    return conclude({
      findings: clusterFinding(
        state,
        run,
        severityFor(run, ['low', 'info', 'info']),
        `tag ${OWN_KEY_TAG} asks for another`,
      ),
      gap: controlGap(state, 'whose the key is: aws kms describe-key shows its KeyManager'),
      evidence: [securityTable('Encryption at rest', [['DataVolumeKMSKeyId', atRestKeyArn]], run)],
      pass: 'The volumes are encrypted with a key of your own.',
      fail: () => `The tag ${OWN_KEY_TAG} asks for a key of your own, and the volumes are encrypted with AWS's.`,
      recommend: () => ({
        action: 'Take a key of your own for the next cluster, and move to it when a migration is due anyway',
        confirmFirst: 'Ask who set the tag, and what the rule behind it accepts.',
        commands:
          atRestKeyArn === null
            ? []
            : [
                {
                  purpose: 'Show whose the key is',
                  effect: 'read',
                  argv: ['aws', 'kms', 'describe-key', '--key-id', atRestKeyArn, '--query', 'KeyMetadata.KeyManager'],
                },
              ],
        risk: 'The key cannot be changed in place: it takes a new cluster, a migration and a time in which both are paid for.',
        expectedEffect: 'Access to the volumes ends with the key, and every use of it is logged.',
        verifyAfter: 'describe-key shows KeyManager CUSTOMER.',
        effort: 'migration',
        impact: { kind: 'unknown', because: 'a new cluster and its migration are not priced here' },
      }),
    });
  },
});
