import { expect, test } from 'vitest';
import { exportersOn, switchedOff, withFix } from '../../../lib/collect/open-monitoring/explain.ts';
import { missing, present } from '../../../lib/snapshot/collected.ts';

const CLUSTER = { arn: 'arn:aws:kafka:eu-west-1:123456789012:cluster/demo/abc-1', currentVersion: 'K1' };

test('the command that switches open monitoring on can be pasted as it is', () => {
  expect(switchedOff(CLUSTER)).toEqual({
    ok: false,
    reason: 'not-enabled',
    detail: 'open monitoring with Prometheus is switched off',
    fix: `aws kafka update-monitoring --cluster-arn ${CLUSTER.arn} --current-version K1 --open-monitoring '{"Prometheus":{"JmxExporter":{"EnabledInBroker":true},"NodeExporter":{"EnabledInBroker":true}}}' (the cluster must be ACTIVE; with KRaft or Express brokers not together with public access)`,
  });
});

test('what could not be pasted safely is no command', () => {
  expect(switchedOff({ ...CLUSTER, arn: 'arn:\n$(x)' }).fix).not.toContain('aws kafka');
  expect(switchedOff({ ...CLUSTER, currentVersion: "K'; rm -rf /" }).fix).toContain(`'K'\\''; rm -rf /'`);
  expect(switchedOff({ ...CLUSTER, currentVersion: null }).fix).toContain('"$CURRENT_VERSION"');
});

test('exporters of which nobody knows are asked', () => {
  expect(exportersOn({ jmxExporter: null, nodeExporter: null })).toEqual(['jmx', 'node']);
  expect(exportersOn({ jmxExporter: true, nodeExporter: false })).toEqual(['jmx']);
  expect(exportersOn({ jmxExporter: false, nodeExporter: false })).toEqual([]);
});

test('a refused connection asks for the switch, a dropped one for the security group, another fault for neither', () => {
  expect(withFix(missing('not-enabled', 'x'), CLUSTER)).toMatchObject({ fix: switchedOff(CLUSTER).fix });
  expect(withFix(missing('not-enabled', 'x'), null)).not.toHaveProperty('fix');
  expect(withFix(missing('unreachable', 'x'), CLUSTER)).toMatchObject({
    fix: expect.stringMatching(/11001.*11002.*authorize-security-group-ingress .*--port 11001-11002/),
  });
  expect(withFix(missing('failed', 'x'), CLUSTER)).toEqual(missing('failed', 'x'));
  expect(withFix(missing('unreachable', 'x', 'known'), CLUSTER)).toMatchObject({ fix: 'known' });
  expect(withFix(present(1, 2), CLUSTER)).toEqual(present(1, 2));
});
