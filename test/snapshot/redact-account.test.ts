import { expect, test } from 'vitest';
import { present } from '../../lib/snapshot/collected.ts';
import { loadSnapshot } from '../../lib/snapshot/load.ts';
import { redactSnapshot } from '../../lib/snapshot/redact.ts';
import { saveSnapshot } from '../../lib/snapshot/save.ts';
import type { SectionValue } from '../../lib/snapshot/schema.ts';
import { aSnapshot, CLUSTER_ARN, TAKEN_AT_MS } from '../builders/a-snapshot.ts';

const metric = {
  name: 'KafkaDataLogsDiskUsed',
  statistic: 'Maximum',
  periodSec: 300,
  brokerId: 1,
  consumerGroup: null,
  topic: null,
};

function alarm(name: string): SectionValue<'alarms'>[number] {
  return {
    name,
    state: 'OK',
    metrics: [metric],
    comparison: 'GreaterThanThreshold',
    threshold: 85,
    isAnomalyBand: false,
    evaluationPeriods: 1,
    datapointsToAlarm: null,
    hasActions: true,
    isForAutoScaling: true,
  };
}

test('what lies around the cluster is saved, loaded and redacted: names of alarms go, those of connectors stay', () => {
  const snapshot = aSnapshot().build();
  snapshot.sections.storageScaling = present(
    {
      targets: [{ minGiB: 1, maxGiB: 16_384, isScaleOutSuspended: null }],
      policies: null,
      lastActivity: { startMs: TAKEN_AT_MS, endMs: null, status: 'InProgress' },
    },
    TAKEN_AT_MS,
  );
  // Application Auto Scaling names its alarms after the cluster's ARN.
  snapshot.sections.alarms = present(
    [alarm('call-alice'), alarm(`TargetTracking-${CLUSTER_ARN}-AlarmHigh-1`), alarm('call-alice')],
    TAKEN_AT_MS,
  );
  snapshot.sections.quotas = present(
    [
      {
        code: 'L-EDD31C36',
        name: 'Number of brokers per account',
        value: 90,
        isAdjustable: true,
        limits: 'brokers-per-account',
        source: 'applied',
      },
    ],
    TAKEN_AT_MS,
  );
  snapshot.sections.connectors = present(
    [
      {
        name: 'to-lake',
        state: 'RUNNING',
        mcusPerWorker: 1,
        minWorkers: 1,
        maxWorkers: 2,
        isAutoScaled: true,
        sinkGroup: 'connect-to-lake',
      },
    ],
    TAKEN_AT_MS,
  );
  const loaded = loadSnapshot(saveSnapshot(snapshot));
  expect(loaded).toMatchObject({ ok: true, snapshot });
  const redacted = redactSnapshot(snapshot);
  const text = saveSnapshot(redacted);
  for (const secret of ['alice', '111122223333', 'AlarmHigh']) expect(text).not.toContain(secret);
  expect(redacted.sections.alarms).toMatchObject({
    value: [{ name: 'alarm-1' }, { name: 'alarm-2' }, { name: 'alarm-1' }],
  });
  expect(redacted.sections.connectors).toEqual(snapshot.sections.connectors);
  expect(redactSnapshot(redacted)).toEqual(redacted);
});
