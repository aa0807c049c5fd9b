// Storage throughput that is paid for beyond what a volume gives by itself, and never used.
import { weeksOfDemand } from '../../analysis/storage-demand.ts';
import { gp2LimitMiBPerSec, storageUse } from '../../analysis/storage-limits.ts';
import { MIB } from '../../analysis/throughput-limits.ts';
import { usualReplication } from '../../analysis/usual-replication.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { awsKafka } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { priceOf, saved } from '../shared/money.ts';

/** Bytes in times copies stand in for what the volume moved. */
const BY_DEMAND = 0.6;
const rate = (miBPerSec: number | null) => formatQuantity(miBPerSec === null ? null : miBPerSec * MIB, 'bytesPerSec');

export default defineCheck({
  id: 'provisioned-throughput-unused',
  area: 'cost',
  title: { pass: 'No storage throughput paid for nothing', fail: 'Provisioned storage throughput unused' },
  why: 'Provisioned throughput is billed for every broker and month by what is set, whether bytes move or not.',
  references: ['https://docs.aws.amazon.com/msk/latest/developerguide/msk-provision-throughput-management.html'],
  appliesTo: ['provisioned-standard'],
  notApplicable: {
    'provisioned-express': 'Express brokers have no volumes to provision.',
    serverless: 'MSK Serverless has no volumes to provision.',
    kafka: 'It is a setting of MSK.',
  },
  needs: ['cluster'],
  mayUse: ['metrics', 'kafkaTopics', 'configuration', 'kafkaBrokerConfigs', 'prices'],
  toleratesPartial: ['kafkaTopics', 'configuration', 'kafkaBrokerConfigs', 'prices'],
  evaluate({ cluster, metrics, prices, ...more }, { maxUsedPercent, minHistoryDays }, run) {
    const none = (because: string) => ({ kind: 'no-data', because: `Not measured: ${because}.` }) as const;
    if (cluster.kind !== 'provisioned-standard') return none('the volumes were not described');
    const { provisionedThroughputMiBPerSec: provisioned, volumeGiBPerBroker, brokerCount } = cluster;
    if (provisioned === null) return { kind: 'pass', summary: 'No storage throughput is provisioned.', evidence: [] };
    if (volumeGiBPerBroker === null) return none('the size of the volumes is not known');
    if (!metrics.ok) return none(`metrics were not read (${metrics.reason})`);
    const replication = usualReplication(more.kafkaTopics, {
      ...more,
      cluster: { ok: true, value: cluster, asOfMs: run.takenAtMs },
    });
    if (replication === null) return none('the replication factor of the topics is not known');
    const limit = (gp2LimitMiBPerSec(volumeGiBPerBroker) * maxUsedPercent) / 100;
    const uses = storageUse(metrics.value, cluster, { rf: replication.rf }) ?? [];
    const weeks = weeksOfDemand(metrics.value, replication.rf);
    const highest = Math.max(
      ...uses.map(({ miBPerSec }) => miBPerSec),
      ...weeks.map(({ miBPerSec }) => miBPerSec ?? 0),
      0,
    );
    const isSeen =
      uses.length >= brokerCount && weeks.length >= brokerCount && weeks.every(({ days }) => days >= minHistoryDays);
    const price = priceOf(prices, 'throughput/provisioned');
    const finding: FindingDraft = {
      scope: 'cluster',
      resource: run.clusterName,
      severity: 'low',
      measured: highest * MIB,
      limit: limit * MIB,
      unit: 'bytesPerSec',
      note: `${provisioned} MiB/s are provisioned for each of ${brokerCount} brokers`,
      confidence: uses.every(({ basis }) => basis === 'measured') ? 1 : BY_DEMAND,
    };
    return conclude({
      findings: isSeen && highest < limit ? [finding] : [],
      // A volume that needs it once is enough; that none does takes all of them, over weeks.
      gap:
        isSeen || highest >= limit
          ? null
          : `bytes of every broker are not known over ${formatQuantity(minHistoryDays, 'days')}`,
      evidence: [
        {
          title: 'Storage throughput by broker',
          columns: [
            { key: 'broker', label: 'Broker', as: 'name' },
            { key: 'window', label: 'p99 of the window', as: 'bytesPerSec' },
            { key: 'basis', label: 'By', as: 'name' },
            { key: 'weeks', label: 'p99 of the weeks, bytes in × copies', as: 'bytesPerSec' },
          ],
          rows: uses.map(({ brokerId, miBPerSec, basis }) => ({
            broker: brokerId,
            window: miBPerSec * MIB,
            basis: basis === 'measured' ? 'VolumeReadBytes + VolumeWriteBytes' : 'BytesInPerSec × copies',
            weeks: scaledUp(weeks.find((each) => each.brokerId === brokerId)?.miBPerSec ?? null),
          })),
          source: `CloudWatch, the window and the weeks by the hour; replication factor ${replication.rf}, ${replication.source}`,
        },
      ],
      pass: `The busiest volume moved ${rate(highest)} at its 99th percentile, of the ${rate(gp2LimitMiBPerSec(volumeGiBPerBroker))} that it has without provisioning (limit ${rate(limit)}).`,
      fail: ({ note }) =>
        `The busiest volume moved ${rate(highest)} at its 99th percentile, where ${rate(gp2LimitMiBPerSec(volumeGiBPerBroker))} come without provisioning: ${note}.`,
      recommend: () => ({
        action: 'Switch provisioned throughput off',
        confirmFirst:
          'Rule out catch-up reads and reassignments, which need more than the weeks show: after an outage consumers read from the volume.',
        commands: awsKafka(run, 'update-storage', {
          purpose: 'Switch provisioned storage throughput off; no broker restarts',
          effect: 'change',
          args: ['--current-version', { variable: 'CURRENT_VERSION' }, '--provisioned-throughput', 'Enabled=false'],
        }),
        risk: 'Less room for bursts and for catching up; to switch it on again takes up to a day.',
        expectedEffect: `Volumes move up to ${rate(gp2LimitMiBPerSec(volumeGiBPerBroker))} each, and nothing is billed beside their size.`,
        verifyAfter:
          'VolumeQueueLength, CpuIoWait and produce latency through the busiest hour and the next reassignment.',
        effort: 'setting',
        impact:
          'unknown' in price
            ? { kind: 'unknown', because: price.unknown }
            : saved('Provisioned throughput', brokerCount * provisioned, 'MiBps-month', price.usd),
      }),
    });
  },
});

function scaledUp(miBPerSec: number | null): number | null {
  return miBPerSec === null ? null : miBPerSec * MIB;
}
