// A snapshot as it might have been a minute later: noise, gaps and single peaks that mean nothing. What is not touched stays the same
// object, so that a thousand judgements share what they have worked out.
import type { MetricSeries } from '../../lib/snapshot/metrics-section.ts';
import type { Snapshot } from '../../lib/snapshot/schema.ts';
import { seeded } from '../fixtures/clusters/seeded.ts';

export interface Perturbation {
  seed: number;
  /** Share of the series that are touched. */
  share: number;
  /** Half width of the noise. */
  noise: number;
  /** Share of points that CloudWatch did not deliver, one at a time. */
  gaps: number;
  /** One period is so many times as high. */
  peak: number;
  /** Seconds that readers are further behind than they usually are. */
  lagSec: number;
}

/** A single minute of these is an outage, so noise does not make one. */
const FACTS = new Set([
  'OfflinePartitionsCount',
  'UnderMinIsrPartitionCount',
  'ActiveControllerCount',
  'ZooKeeperSessionState',
]);
/** Shares of a whole: a peak that would leave their range is none. */
const isBounded = ({ unit }: MetricSeries) => unit === 'Percent';

export function perturb(snapshot: Snapshot, how: Perturbation): Snapshot {
  const random = seeded(how.seed);
  const { metrics } = snapshot.sections;
  const sections = { ...snapshot.sections };
  if (metrics?.ok) {
    const touched = (list: readonly MetricSeries[]) =>
      list.map((series) => (random() < how.share ? touch(series, how, random) : series));
    const { series, hourly } = metrics.value;
    sections.metrics = {
      ...metrics,
      value: {
        ...metrics.value,
        series: touched(series),
        ...(hourly === undefined ? {} : { hourly: touched(hourly) }),
      },
    };
  }
  Object.assign(sections, furtherBehind(snapshot, how.lagSec, random));
  return { ...snapshot, sections };
}

function touch(series: MetricSeries, { noise, gaps, peak }: Perturbation, random: () => number): MetricSeries {
  const isFact = FACTS.has(series.metric);
  const isWhole = series.values.every((value) => value === null || Number.isInteger(value));
  const at = Math.floor(random() * series.values.length);
  let isAfterGap = false;
  const values = series.values.map((value, i) => {
    if (value === null || (!isAfterGap && random() < gaps)) {
      isAfterGap = true;
      return null;
    }
    isAfterGap = false;
    if (isFact) return value;
    const noisy = value * (1 + noise * (2 * random() - 1)) * (i === at ? (isBounded(series) ? 1.15 : peak) : 1);
    const ceiling = isBounded(series) ? Math.max(value, Math.min(noisy, 99)) : noisy;
    return isWhole ? Math.round(ceiling) : Math.min(noisy, ceiling);
  });
  return { ...series, values };
}

/** All looks move back alike: a reader that is a second later than usual. */
function furtherBehind({ sections }: Snapshot, lagSec: number, random: () => number): Partial<Snapshot['sections']> {
  const { kafkaOffsets, kafkaSamples } = sections;
  if (!kafkaOffsets?.ok || !kafkaSamples?.ok || kafkaSamples.value.length < 2) return {};
  const { committed } = kafkaOffsets.value;
  const [first, second] = kafkaSamples.value as [
    (typeof kafkaSamples.value)[number],
    (typeof kafkaSamples.value)[number],
  ];
  const spanSec = (second.atMs - first.atMs) / 1000;
  const more = committed.map(({ topic, partition }) => {
    const perSec = (Number(second.end[topic]?.[partition] ?? 0) - Number(first.end[topic]?.[partition] ?? 0)) / spanSec;
    return BigInt(Math.floor(Math.max(0, perSec) * lagSec * random()));
  });
  const back = (offset: string | null, i: number) => (offset === null ? null : String(BigInt(offset) - more[i]!));
  return {
    kafkaOffsets: {
      ...kafkaOffsets,
      value: {
        ...kafkaOffsets.value,
        committed: committed.map((each, i) => ({ ...each, offset: back(each.offset, i) })),
      },
    },
    kafkaSamples: {
      ...kafkaSamples,
      value: kafkaSamples.value.map((sample) => ({ ...sample, committed: sample.committed.map(back) })),
    },
  };
}
