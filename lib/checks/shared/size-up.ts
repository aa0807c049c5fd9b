// The last step of many fixes: a larger broker, with what it costs. Cheaper steps are for the check to name first.
import { HOURS_PER_MONTH } from '../../analysis/cost.ts';
import { BROKER_SIZES, brokerSizeOf } from '../../facts/broker-sizes.ts';
import type { CheckId } from '../../policy/thresholds/index.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Command } from '../../text/command.ts';
import type { Impact, RunContext } from '../check.ts';
import { awsKafka } from './commands.ts';
import { addedCost, priceOf } from './money.ts';

type MaybeCluster = Collected<SectionValue<'cluster'>>;
type Prices = Collected<SectionValue<'prices'>>;

export interface SizeUp {
  from: string;
  to: string;
  /** vCPU of today's size over those of the larger one. */
  share: number;
  brokerCount: number;
}

/** The next larger size of the same family, or the smallest m7g instead of t3; null when there is none or the size is not known. */
export function sizeUp(cluster: MaybeCluster): SizeUp | null {
  if (!cluster.ok || cluster.value.kind === 'serverless') return null;
  const { instanceType: from, brokerCount } = cluster.value;
  const size = brokerSizeOf(from);
  if (size === null) return null;
  const family = from.startsWith('kafka.t3.') ? 'kafka.m7g.' : from.slice(0, from.lastIndexOf('.') + 1);
  const larger = Object.entries(BROKER_SIZES).filter(
    ([name, { vcpu, memoryGiB }]) => name.startsWith(family) && (vcpu > size.vcpu || memoryGiB > size.memoryGiB),
  );
  const next = larger.sort(([, a], [, b]) => a.vcpu - b.vcpu)[0];
  return next === undefined ? null : { from, to: next[0], share: size.vcpu / next[1].vcpu, brokerCount };
}

export function sizeUpCommands(step: SizeUp | null, run: RunContext): Command[] {
  if (step === null) return [];
  return awsKafka(run, 'update-broker-type', {
    purpose: `Change all brokers to ${step.to}, one after the other, off peak`,
    effect: 'change',
    args: ['--current-version', { variable: 'CURRENT_VERSION' }, '--target-instance-type', step.to],
  });
}

export function sizeUpImpact(step: SizeUp | null, prices: Prices): Impact {
  if (step === null) return { kind: 'unknown', because: 'no larger size of this broker type is known' };
  const [now, then] = [priceOf(prices, `broker/${step.from}`), priceOf(prices, `broker/${step.to}`)];
  if ('unknown' in now) return { kind: 'unknown', because: now.unknown };
  if ('unknown' in then) return { kind: 'unknown', because: then.unknown };
  const label = `${step.to} instead of ${step.from}`;
  return addedCost(label, step.brokerCount * HOURS_PER_MONTH, 'broker-hours', then.usd - now.usd);
}

/** What to mend before brokers are added or changed for larger ones. */
export const CHEAPER_FIRST: readonly CheckId[] = [
  'batches-small',
  'broker-recompression',
  'connection-churn-high',
  'broker-traffic-skewed',
  'fetches-inefficient',
  'traffic-uncompressed',
];

/** What every change of the size risks. */
export const SIZE_CHANGE_RISK =
  'The change restarts every broker in turn, 10 to 15 minutes each, while the others carry its load: at high load that is itself a risk.';
