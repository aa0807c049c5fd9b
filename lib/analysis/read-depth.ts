// How far back the groups of a topic read, by the record that each reads next.
import type { MaskedInterval } from '../checks/check.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { distance, parseOffset } from './offsets.ts';
import { type LogEnds, logEnds } from './produce-rates.ts';
import { remembered } from './remembered.ts';
import { findSeries, seriesQuantile, trustedPoints } from './series.ts';

type Offsets = SectionValue<'kafkaOffsets'>;

export interface ReadDepth {
  groups: number;
  /** Age of the oldest record that some group has yet to read; null when that of one partition is not known. */
  deepestSec: number | null;
}

/**
 * By topic; a topic without committed offsets is not in it. Where no ages were looked up: lag over what is produced.
 * @param except groups that are not asked
 */
export function readDepths(
  offsets: SectionValue<'kafkaOffsets'>,
  samples: SectionValue<'kafkaSamples'> | null,
  takenAtMs: number,
  except: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, ReadDepth> {
  const found = new Map<string, ReadDepth>();
  for (const [topic, groups] of depthsBy(logEnds(offsets, samples, takenAtMs))(offsets)) {
    const asked = [...groups].flatMap(([groupId, sec]) => (except.has(groupId) ? [] : [sec]));
    if (asked.length > 0) found.set(topic, { groups: asked.length, deepestSec: asked.reduce(deeper) });
  }
  return found;
}

/** What is not known of one is not known of all. */
function deeper(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}

/** The same log ends come from the same offsets. */
const depthsBy = remembered((ends: LogEnds) => remembered((offsets: Offsets) => depthsOf(offsets, ends)));

/** Seconds by topic and group. */
function depthsOf(offsets: Offsets, ends: LogEnds): Map<string, Map<string, number | null>> {
  const found = new Map<string, Map<string, number | null>>();
  for (let position = 0; position < offsets.committed.length; position++) {
    const { groupId, topic, partition, offset } = offsets.committed[position]!;
    const committed = parseOffset(offset);
    if (committed === null) continue;
    const log = ends.topic(topic)?.get(partition);
    const end = log?.ends[0]?.offset;
    const isRead = end !== undefined && distance(end, committed) <= 0;
    const rate = log?.producePerSec ?? null;
    const byRate = end !== undefined && rate !== null && rate > 0 ? distance(end, committed) / rate : null;
    const sec = isRead ? 0 : (offsets.timeLags?.highSec[position] ?? byRate);
    let known = found.get(topic);
    if (known === undefined) {
      known = new Map();
      found.set(topic, known);
    }
    known.set(groupId, known.has(groupId) ? deeper(known.get(groupId)!, sec) : sec);
  }
  return found;
}

/**
 * Seconds by topic: the 99th percentile of the slowest group's time lag over the window, as MSK estimates it.
 * @param except groups that are not asked
 */
export function slowestLags(
  metrics: SectionValue<'metrics'>,
  masked: readonly MaskedInterval[],
  except: ReadonlySet<string> = new Set(),
): Map<string, number> {
  const worst = new Map<string, number>();
  for (const series of findSeries(metrics, METRICS.rollingTimeLag)) {
    const { Topic: topic = '', 'Consumer Group': groupId = '' } = series.dimensions;
    if (except.has(groupId)) continue;
    const lag = seriesQuantile(trustedPoints(series, { masked }), 0.99);
    if (lag !== null) worst.set(topic, Math.max(worst.get(topic) ?? 0, lag));
  }
  return worst;
}
