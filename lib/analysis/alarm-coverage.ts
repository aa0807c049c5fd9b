// Which of the recommended alarms a cluster has, broker by broker.
import type { RecommendedAlarm } from '../facts/recommended-alarms.ts';
import type { SectionValue } from '../snapshot/schema.ts';

type Alarm = SectionValue<'alarms'>[number];

export interface LagPair {
  groupId: string;
  topic: string;
}

export interface AlarmCoverage {
  alarm: RecommendedAlarm;
  /** Of a group and topic. */
  pair: LagPair | null;
  /** Alarms that watch it. */
  names: readonly string[];
  /** Brokers that no alarm watches; empty where the metric is the cluster's or a group's. */
  unwatched: readonly string[];
  isMissing: boolean;
  isFiring: boolean;
  /** None of them calls anybody by itself; a composite alarm may. */
  isSilent: boolean;
}

/**
 * An alarm counts whatever its threshold: who set one had a reason. One that only scales something calls nobody.
 * @param brokerIds the brokers that each have to be watched
 */
export function alarmCoverage(
  wanted: RecommendedAlarm,
  alarms: readonly Alarm[],
  brokerIds: readonly string[],
  pair: LagPair | null = null,
): AlarmCoverage {
  const found = alarms.filter((each) => !each.isForAutoScaling && watches(each, wanted, pair));
  const isOfBrokers = wanted.metric.dimensions.includes('Broker ID');
  const watched = found.flatMap(({ metrics }) => metrics.map(({ brokerId }) => brokerId));
  // An alarm that names no broker watches all: a query, or a metric of the cluster.
  const unwatched =
    !isOfBrokers || watched.includes(null) ? [] : brokerIds.filter((id) => !watched.includes(Number(id)));
  return {
    alarm: wanted,
    pair,
    names: found.map(({ name }) => name),
    unwatched,
    isMissing: found.length === 0 || unwatched.length > 0,
    isFiring: found.some(({ state }) => state === 'ALARM'),
    isSilent: found.length > 0 && found.every(({ hasActions }) => !hasActions),
  };
}

function watches(alarm: Alarm, wanted: RecommendedAlarm, pair: LagPair | null): boolean {
  return alarm.metrics.some(({ name, consumerGroup, topic }) => {
    if (pair !== null && consumerGroup !== null && consumerGroup !== pair.groupId) return false;
    if (pair !== null && topic !== null && topic !== pair.topic) return false;
    if (name === wanted.metric.name) return isRightWay(alarm, wanted);
    return wanted.orAny?.includes(name) ?? false;
  });
}

/** An alarm for too little says nothing of too much. */
function isRightWay({ comparison, isAnomalyBand }: Alarm, { limit }: RecommendedAlarm): boolean {
  if (limit === null || isAnomalyBand || comparison === null) return true;
  return comparison.startsWith(limit.comparison === 'below' ? 'Less' : 'Greater');
}
