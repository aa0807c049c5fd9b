// The product's own functions under the names and shapes of the worked examples: thin adaptors and nothing else.
import { batchProfile, requestProfile } from '../../lib/analysis/batches.ts';
import { catchUp, drainSeconds, drainSecondsDiurnal } from '../../lib/analysis/lag-forecast.ts';
import { partitionStatus } from '../../lib/analysis/partition-status.ts';
import { retentionHeadroom } from '../../lib/analysis/retention.ts';
import { skewMeasures } from '../../lib/analysis/skew.ts';
import { timeLagByInterpolation } from '../../lib/analysis/time-lag.ts';
import { listOffsetsCalls } from '../../lib/analysis/time-lag-calls.ts';
import type { Effort, Severity } from '../../lib/checks/check.ts';
import { CHECKS } from '../../lib/checks/registry.ts';
import { logNormalScore, piecewiseScore } from '../../lib/kpis/curves.ts';
import type { Category } from '../../lib/kpis/kpi.ts';
import type { CategoryWeights } from '../../lib/policy/score-weights.ts';
import type { RankingWeights } from '../../lib/policy/weights.ts';
import { byPriority, priority } from '../../lib/scorecard/ranking.ts';
import { aggregateCategory, aggregateOverall, type CategoryMean, capped } from '../../lib/scorecard/score.ts';
import { MONEY_ALGORITHMS } from './money-algorithms.ts';
import { TIME_ALGORITHMS } from './time-algorithms.ts';
import { timeByListOffsets } from './time-by-list-offsets.ts';

type Algorithm = (inputs: never) => unknown;

type Anchors = readonly (readonly [number, number])[];

/** As in a run: of one priority, findings stand in the order of their checks. Whatever is no check comes last. */
const PLACES: ReadonlyMap<string, number> = new Map(CHECKS.map(({ id }, place) => [id, place]));

export const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  ...MONEY_ALGORITHMS,
  ...TIME_ALGORITHMS,

  'score.logNormal': ({ p10, median, values }: { p10: number; median: number; values: number[] }) =>
    values.map((value) => ({ value, score: logNormalScore(value, p10, median) })),

  'score.piecewise': (inputs: {
    cpuAnchors: Anchors;
    cpuValues: number[];
    batchAnchorsLog2: Anchors;
    batchValues: number[];
  }) => ({
    cpu: inputs.cpuValues.map((value) => piecewiseScore({ anchors: inputs.cpuAnchors, axis: 'linear' }, value)),
    batch: inputs.batchValues.map((value) => piecewiseScore({ anchors: inputs.batchAnchorsLog2, axis: 'log2' }, value)),
  }),

  'score.aggregate': (inputs: {
    categoryWeights: CategoryWeights;
    kpis: Record<Category, { weight: number; score: number | null; state: string }[]>;
    cap: { rule: string; max: number };
  }) => {
    const categories = Object.fromEntries(
      Object.entries(inputs.kpis).map(([category, kpis]) => [
        category,
        aggregateCategory(
          kpis.map(({ weight, score, state }) => ({
            weight: state === 'not-applicable' ? 0 : weight,
            confidence: 1,
            score: state === 'ok' ? score : null,
          })),
        ),
      ]),
    ) as Record<Category, CategoryMean>;
    const overall = aggregateOverall(categories, inputs.categoryWeights);
    return {
      categories,
      overall: overall.score,
      confidence: overall.confidence,
      lowerBound: overall.bounds.lower,
      upperBound: overall.bounds.upper,
      overallWithCap: overall.score === null ? null : capped(overall.score, [inputs.cap]),
    };
  },

  'skew.measures': ({ leaders }: { leaders: number[] }) => skewMeasures(leaders),

  'lag.status': (inputs: {
    cases: {
      name: string;
      t: number[];
      committed: number[];
      end: number[];
      start: number[];
      assigned: boolean;
      groupState: string;
      allowedLag: number;
    }[];
  }) =>
    inputs.cases.map(({ name, t, committed, end, start, assigned, groupState, allowedLag }) => {
      const { status, lag, lagSlopePerSec } = partitionStatus({
        samples: t.map((seconds, i) => ({
          atMs: seconds * 1000,
          committed: BigInt(committed[i]!),
          end: BigInt(end[i]!),
        })),
        logStart: BigInt(start.at(-1)!),
        assigned,
        groupState,
        allowedLag,
        minSamples: 3,
        minSpanSec: 120,
      });
      return { name, status, lagLast: lag, lagSlopePerS: lagSlopePerSec ?? 0 };
    }),

  'lag.timeByListOffsets': timeByListOffsets,

  'lag.listOffsetsCalls': (inputs: {
    rangeSeconds: number;
    resolutionSeconds: number;
    gallopStartSeconds: number;
    trueLagSeconds: number;
  }) => {
    const { bisection, gallop, bisectionInsideGallop } = listOffsetsCalls({
      rangeSec: inputs.rangeSeconds,
      resolutionSec: inputs.resolutionSeconds,
      gallopStartSec: inputs.gallopStartSeconds,
      trueLagSec: inputs.trueLagSeconds,
    });
    return { bisectionCalls: bisection, gallopCalls: gallop, bisectionInsideGallop };
  },

  'lag.timeByInterpolation': (inputs: { points: { t: number; end: number }[]; now: number; committed: number[] }) =>
    inputs.committed.map((committed) => {
      const points = inputs.points.map(({ t, end }) => ({ atMs: t * 1000, offset: BigInt(end) }));
      const lag = timeLagByInterpolation(points, BigInt(committed), inputs.now * 1000);
      return lag && { committed, lagSeconds: lag.lagSec, kind: lag.kind, producedAt: lag.producedAtMs / 1000 };
    }),

  'lag.drainEta': (inputs: { lag: number; consumeMaxPerS: number; produceByHourPerS: number[] }) => ({
    constantEtaSeconds: drainSeconds(inputs.lag, inputs.consumeMaxPerS, inputs.produceByHourPerS[0]!),
    diurnalEtaSeconds: drainSecondsDiurnal(inputs.lag, inputs.consumeMaxPerS, inputs.produceByHourPerS),
    neverIfProducePerS: inputs.consumeMaxPerS,
  }),

  'lag.catchUp': (inputs: {
    producePerS: number;
    consumeMaxPerS: number;
    outageSeconds: number;
    members: number;
    partitions: number;
    targetRecoverySeconds: number;
  }) => {
    const { neededConsumePerSec, ...answer } = catchUp({
      ...inputs,
      producePerSec: inputs.producePerS,
      consumeMaxPerSec: inputs.consumeMaxPerS,
    });
    return { ...answer, neededConsumePerS: neededConsumePerSec };
  },

  'lag.retentionHeadroom': (inputs: {
    logStart: number;
    logEnd: number;
    committed: number;
    logStartAdvancePerS: number;
    consumePerS: number;
  }) =>
    retentionHeadroom({
      start: BigInt(inputs.logStart),
      end: BigInt(inputs.logEnd),
      committed: BigInt(inputs.committed),
      startAdvancePerSec: inputs.logStartAdvancePerS,
      consumePerSec: inputs.consumePerS,
    }),

  'client.batchInference': (inputs: {
    bytesInPerS: number;
    messagesInPerS: number;
    produceRequestsPerS: number;
    batches: { bytes: number; records: number; codec: number; maxMinusBaseMs: number }[];
  }) => {
    const looks = inputs.batches.map(({ bytes, records, codec, maxMinusBaseMs }) => ({
      bytes,
      records,
      isCompressed: codec !== 0,
      isIdempotent: false,
      accumulatedMs: maxMinusBaseMs,
      weight: 1,
    }));
    const profile = batchProfile(looks);
    return {
      ...requestProfile({
        bytesInPerSec: inputs.bytesInPerS,
        messagesInPerSec: inputs.messagesInPerS,
        produceRequestsPerSec: inputs.produceRequestsPerS,
      }),
      ...profile,
      medianBatchBytes: profile.medianBytes,
      byteWeightedMedianBatch: profile.byteWeightedMedianBytes,
      meanRecordsPerBatch: profile.meanRecords,
      medianAccumulateMs: profile.medianAccumulatedMs,
    };
  },

  'priority.rank': (inputs: {
    severityWeight: RankingWeights['severity'];
    effort: RankingWeights['effort'];
    items: { id: string; severity: Severity; confidence: number; usdPerMonth: number; effort: Effort }[];
  }) =>
    inputs.items
      .map((item) => ({
        id: item.id,
        place: PLACES.get(item.id) ?? CHECKS.length,
        priority: priority(item, { severity: inputs.severityWeight, effort: inputs.effort }),
      }))
      .sort(byPriority),
};
