// A scorecard by hand: KPIs good, bad, missing and not applicable, and a cap.
import type { KpiResult } from '../../lib/kpis/kpi.ts';
import type { Report } from '../../lib/report/report.ts';

const kpi = (id: string, title: string, category: KpiResult['category'], over: Partial<KpiResult>): KpiResult => ({
  id,
  name: title.toLowerCase().replaceAll(' ', '-'),
  title,
  category,
  unit: 'percent',
  reading: { state: 'ok', value: 0, confidence: 1, source: 'Kafka Metadata, one look' },
  score: 100,
  status: 'good',
  weight: 4,
  curve: '100 at 0, 90 at 0.01, 50 at 0.5, 0 at 5',
  ...over,
});

export function aScorecard(): Report['scorecard'] {
  return {
    score: 69,
    uncapped: 78.4,
    confidence: 0.874,
    bounds: { lower: 66, upper: 81 },
    caps: [{ rule: 'Kafka version past its end of support', max: 69 }],
    categories: [
      { category: 'availability', score: 91.2, coverage: 1, weight: 25 },
      { category: 'performance', score: null, coverage: 0.2, weight: 20 },
      { category: 'consumers', score: 62, coverage: 1, weight: 20 },
      { category: 'balance', score: 88, coverage: 1, weight: 8 },
      { category: 'capacity', score: 31, coverage: 0.8, weight: 15 },
    ],
    kpis: [
      kpi('K02', 'Offline partitions', 'availability', { unit: 'count' }),
      kpi('K03', 'Under-replicated partitions', 'availability', {}),
      kpi('K26', 'Disk used', 'capacity', {
        reading: {
          state: 'ok',
          value: 93.4,
          confidence: 1,
          source: 'CloudWatch KafkaDataLogsDiskUsed Maximum, 5 min, 24 h',
          worst: '2',
        },
        score: 31,
        status: 'bad',
      }),
      kpi('K07', 'Produce latency', 'performance', {
        unit: 'durationMs',
        reading: {
          state: 'level-not-enabled',
          because: 'ProduceTotalTimeMsMean needs the monitoring level PER_BROKER',
        },
        score: null,
        status: 'missing',
      }),
      kpi('K05', 'Durability settings', 'availability', {
        reading: { state: 'not-applicable', because: 'development clusters are not judged by it' },
        score: null,
        status: 'not-applicable',
        weight: 0,
      }),
    ],
  };
}
