// K34. Weighted share of the security controls that the cluster meets: the same states that the checks of the area judge one by one.
import { SECURITY_SECTIONS, securityControls, securityPosture } from '../analysis/security-controls.ts';
import { listed } from '../checks/shared/wording.ts';
import { defineKpi } from './kpi.ts';
import { missingFrom, noData, notApplicable } from './reading.ts';

export default defineKpi({
  id: 'K34',
  name: 'security-posture',
  title: 'Security controls met',
  category: 'security',
  weight: 6,
  unit: 'percent',
  mayUse: SECURITY_SECTIONS,
  read(inputs, run) {
    if (run.clusterKind === 'kafka') return notApplicable('the controls are those of Amazon MSK');
    if (run.clusterKind === 'serverless')
      return notApplicable('MSK Serverless takes IAM over TLS only, inside its VPC, and no setting changes that');
    const { security } = inputs;
    if (!security.ok) return missingFrom(security, 'security settings');
    const { percentMet, controls, unknown, worst } = securityPosture(securityControls(security.value, inputs));
    if (unknown.length > 0) return noData(`not read: what answers ${listed(unknown)}`);
    if (percentMet === null) return notApplicable('no control applies to this cluster');
    const judged = controls.filter(({ state }) => state === 'met' || state === 'unmet');
    const met = judged.filter(({ state }) => state === 'met');
    return {
      state: 'ok',
      value: percentMet,
      confidence: 1,
      source: `DescribeClusterV2 and the cluster's configuration: ${met.length} of ${judged.length} controls met, weighted by the severity of their checks`,
      ...(worst === null ? {} : { worst }),
    };
  },
});
