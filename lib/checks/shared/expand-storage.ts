// Larger volumes: how large, by which command, for how much. They never shrink.
import { MAX_VOLUME_GIB } from '../../facts/msk-quotas.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Command } from '../../text/command.ts';
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
