// Larger volumes: how large, by which command, for how much. They never shrink.
import { levelAhead, type VolumeInputs, volumeForecasts } from '../../analysis/disk-forecasts.ts';
import { MAX_VOLUME_GIB } from '../../facts/msk-quotas.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Command } from '../../text/command.ts';
import { formatQuantity } from '../../text/units.ts';
import type { Impact, RunContext } from '../check.ts';
import { awsKafka } from './commands.ts';
import { addedCost, priceOf } from './money.ts';

export interface Expansion {
  nowGiB: number;
  gib: number;
  brokerCount: number;
}

/** Size at which so much use would be at the target, in whole GiB and at most MSK's largest; null when the present size is unknown. */
export function expansionTo(
  cluster: Collected<SectionValue<'cluster'>>,
  usedPercent: number,
  targetPercent: number,
): Expansion | null {
  if (!cluster.ok || cluster.value.kind !== 'provisioned-standard' || cluster.value.volumeGiBPerBroker === null)
    return null;
  const { volumeGiBPerBroker: nowGiB, brokerCount } = cluster.value;
  const gib = Math.min(MAX_VOLUME_GIB, Math.ceil((nowGiB * usedPercent) / targetPercent));
  return gib <= nowGiB ? null : { nowGiB, brokerCount, gib };
}

/** The size that the forecast of full volumes asks for, so that whoever else advises a size advises the same. */
export function expansionAhead(inputs: VolumeInputs, run: RunContext): Expansion | null {
  const limits = run.checks['disk-full-forecast'];
  const { all } = volumeForecasts(inputs, limits, run.takenAtMs);
  return expansionTo(inputs.cluster, levelAhead(all, limits), limits.targetPercent);
}

/** For the middle of an action. */
export function growTo(size: Expansion | null): string {
  return size === null ? 'grow the volumes' : `grow the volumes to ${size.gib} GiB`;
}

export function expandEffect(targetPercent: number): string {
  return `With the growth of the month to come (of a week, where only days are known) the fullest volume would be at about ${formatQuantity(targetPercent, 'percent')}.`;
}

export function expandCommands(size: Expansion | null, run: RunContext): Command[] {
  if (size === null) return [];
  return awsKafka(run, 'update-broker-storage', {
    purpose: `Grow every volume from ${size.nowGiB} to ${size.gib} GiB, which cannot be undone`,
    effect: 'change',
    args: [
      '--current-version',
      { variable: 'CURRENT_VERSION' },
      '--target-broker-ebs-volume-info',
      `[{"KafkaBrokerNodeId":"All","VolumeSizeGB":${size.gib}}]`,
    ],
  });
}

export function expandImpact(size: Expansion | null, prices: Collected<SectionValue<'prices'>>): Impact {
  if (size === null) return { kind: 'unknown', because: 'the size to grow the volumes to is not known' };
  const price = priceOf(prices, 'storage/gp2');
  if ('unknown' in price) return { kind: 'unknown', because: price.unknown };
  return addedCost('Further broker storage', (size.gib - size.nowGiB) * size.brokerCount, 'GiB-month', price.usd);
}

export const EXPAND_RISK =
  'Volumes never shrink; after a change the next one must wait at least six hours, and up to a day of optimisation. Shorter retention deletes records.';
