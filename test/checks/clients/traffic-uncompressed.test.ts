import { describe, expect, test } from 'vitest';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeVerdicts, runCheck } from '../run.ts';

/** A topic with batches of 10,240 bytes and 10 records, at so many messages a second: 1,024 of them are 1 MiB/s. */
function sampled(codecs: readonly ('none' | 'zstd' | 'gzip')[], perSec = 3072, configs: Record<string, string> = {}) {
  const builder = aSnapshot()
    .withTopic('t', { configs })
    .withRates('t', [perSec / 3, perSec / 3, perSec / 3]);
  for (const codec of codecs) builder.withBatches('t', { codec, sizeBytes: 10_240, records: 10 });
  return builder;
}

describe('traffic-uncompressed', () => {
  describeVerdicts('traffic-uncompressed', [
    ['passes: everything is compressed', sampled(['zstd']), 'pass'],
    ['passes: half of the bytes are', sampled(['zstd', 'none']), 'pass'],
    ['warns: a third of them', sampled(['zstd', 'none', 'none']), 'warn', 'low t'],
    ['warns: 1 MiB/s', sampled(['none'], 1026), 'warn', 'low t'],
    ['passes: a little less', sampled(['none'], 1020), 'pass'],
    [
      'passes: the broker compresses, so that the producers do not show',
      sampled(['none'], 3072, { 'compression.type': 'zstd' }),
      'pass',
    ],
    [
      'warns: producer is the word for leaving it as it comes',
      sampled(['none'], 3072, { 'compression.type': 'producer' }),
      'warn',
      'low t',
    ],
    ['no-data: the log ends were looked at once', sampled(['none']).withSampleTimes([0]), 'no-data'],
    ['no-data: not sampled', aSnapshot().withTopic('t').withRates('t', [9, 9, 9]), 'no-data'],
    [
      'no-data: nothing of a producer in the sample',
      aSnapshot().withTopic('t').withSection('kafkaBatches', []),
      'no-data',
    ],
    [
      'no-data: half of the traffic was not sampled',
      sampled(['zstd']).withTopic('u').withRates('u', [1024, 1024, 1024]),
      'no-data',
    ],
    ['no-data: the topics were not read', sampled(['zstd']).without('kafkaTopics', 'timed-out'), 'no-data'],
    ['warns on Kafka without AWS', sampled(['none']).withKind('kafka'), 'warn', 'low t'],
    ['warns on Serverless', sampled(['none']).withKind('serverless'), 'warn', 'low t'],
    ['no-data: an empty cluster', aSnapshot(), 'no-data'],
  ]);
  describeVerdicts(
    'traffic-uncompressed',
    [['passes: a third is enough for latency', sampled(['zstd', 'none', 'none']), 'pass']],
    {
      goal: 'latency',
    },
  );

  test.each([
    ['production', 'low'],
    ['staging', 'info'],
    ['development', 'info'],
  ] as const)('severity in %s: %s, one below a measured ratio', (environment, severity) => {
    const { findings } = runCheck('traffic-uncompressed', sampled(['none']), { environment });
    expect(findings.map((finding) => [finding.severity, finding.confidence])).toEqual([[severity, 0.6]]);
  });

  test('no dollars are claimed for a ratio that nobody measured; a percent of 3 MiB/s is 77 GiB a month', () => {
    const { recommendation } = runCheck('traffic-uncompressed', sampled(['none']));
    expect(recommendation?.impact.kind).toBe('unknown');
    // 3 MiB/s × 730 h × 3600 s / 1024 / 100
    expect(recommendation?.expectedEffect).toContain('77 GiB');
  });

  test('the codec is that of the goal', () => {
    const action = (goal: 'cost' | 'latency', source: SnapshotBuilder) =>
      runCheck('traffic-uncompressed', source, { goal }).recommendation?.action;
    expect(action('cost', sampled(['none']))).toContain('compression.type=zstd');
    expect(action('latency', sampled(['none']))).toContain('compression.type=lz4');
  });
});
