// The largest batch passes several limits on its way: the request, the topic, the follower's fetch. Each must be as large as the one before.
// Since Kafka 0.10.1 (KIP-74) a batch beyond a fetch limit is still returned, alone: replication then moves one batch a fetch.
import { inheritedByTopics } from '../../analysis/effective-config.ts';
import { BATCH_OVERHEAD_BYTES } from '../../facts/record-sizes.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import type { Command } from '../../text/command.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type RunContext, type Severity } from '../check.ts';
import { applyConfiguration, CONFIRM_CONFIG, RESTART_RISK } from '../shared/apply-config.ts';
import { numberOf, readSettings, SETTING_SECTIONS, settingsTable, TOLERATED } from '../shared/broker-settings.ts';
import { setTopicConfig } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { stepFor } from '../shared/severity.ts';
import { COMMAND_TOPICS, isOwn, numberSetting, topicTable, unreadBecause } from '../shared/topic-settings.ts';
import { listed, missingBecause } from '../shared/wording.ts';

const TOPIC_KEY = 'max.message.bytes';
const [REQUEST, MESSAGE, FETCH] = ['socket.request.max.bytes', 'message.max.bytes', 'replica.fetch.max.bytes'] as const;
const bytes = (value: number) => formatQuantity(value, 'bytes');

type Thresholds = CheckThresholds['message-size-chain-broken'];

interface Limits {
  request: number | null;
  fetch: number | null;
}

export default defineCheck({
  id: 'message-size-chain-broken',
  area: 'broker-config',
  title: { pass: 'Limits on message sizes fit together', fail: 'Limits on message sizes that do not fit together' },
  why: 'A batch that one limit lets in and the next keeps out is refused, or slows replication to one batch at a time.',
  references: [
    'https://kafka.apache.org/documentation/#brokerconfigs_message.max.bytes',
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-74%3A+Add+Fetch+Response+Size+Limit+in+Bytes',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'kafka', 'unknown'],
  notApplicable: { serverless: 'MSK Serverless sets its limits itself.' },
  needs: [],
  mayUse: [...SETTING_SECTIONS, 'kafkaTopics', 'kafkaTopicConfigs'],
  toleratesPartial: TOLERATED,
  evaluate({ kafkaTopics, kafkaTopicConfigs, ...inputs }, thresholds, run) {
    const { found, gap } = readSettings([REQUEST, MESSAGE, FETCH], inputs);
    const limits: Limits = { request: numberOf(found.get(REQUEST)), fetch: numberOf(found.get(FETCH)) };
    const topics = kafkaTopics.ok ? kafkaTopics.value.filter(({ partitions }) => partitions.length > 0) : [];
    const configs = kafkaTopicConfigs.ok ? kafkaTopicConfigs.value : {};
    const own = topics
      .filter(({ name }) => isOwn(configs, name, TOPIC_KEY))
      .map(({ name }) => ({ name, size: numberSetting(configs, name, TOPIC_KEY) }));
    const inherited = Number(inheritedByTopics(TOPIC_KEY, inputs)?.value ?? Number.NaN);
    const confidence = Math.min(1, ...[...found.values()].map((setting) => setting.confidence));
    const findings = [
      ...(Number.isFinite(inherited)
        ? problemsOf(inherited, limits, thresholds, run).map(
            (each): FindingDraft => ({ ...each, scope: 'cluster', resource: run.clusterName, confidence }),
          )
        : []),
      ...own.flatMap(({ name, size }) =>
        size === null || size === inherited
          ? []
          : problemsOf(size, limits, thresholds, run).map(
              (each): FindingDraft => ({ ...each, scope: 'topic', resource: name, confidence }),
            ),
      ),
    ];
    return conclude({
      findings,
      gap: firstGap(
        gap,
        kafkaTopics.ok ? null : missingBecause('the list of topics', kafkaTopics),
        kafkaTopicConfigs.ok
          ? unreadBecause(configs, topics, [TOPIC_KEY])
          : missingBecause('the configuration of topics', kafkaTopicConfigs),
      ),
      evidence: [
        settingsTable('Limits of the brokers', [...found.values()]),
        ...(own.length === 0
          ? []
          : [
              topicTable(
                'Topics with a limit of their own',
                [{ key: 'size', label: TOPIC_KEY, as: 'bytes' }],
                own.map(({ name, size }) => ({ topic: name, size })),
                run,
              ),
            ]),
      ],
      pass: `Batches of at most ${bytes(Math.max(inherited, ...own.map(({ size }) => size ?? 0)))} pass every limit.`,
      fail: (worst, all) =>
        `${plural(all.length, 'limit on message sizes does not fit', 'limits on message sizes do not fit')}: ${listed([worst.resource])}, ${worst.note}.`,
      recommend: (worst, all) => ({
        action: isRefused(worst, limits, thresholds)
          ? `Bring ${REQUEST} and the largest batch into order: let in none of more than ${bytes(worst.limit!)}, or larger requests; and put large payloads into S3 with a pointer in the record`
          : 'Bring the limits into one order: max.request.size of producers, max.message.bytes of the topic, replica.fetch.max.bytes of the brokers, each at least the one before; and put large payloads into S3 with a pointer in the record',
        confirmFirst: `Ask who needs such messages, and how many there are. ${CONFIRM_CONFIG}`,
        commands: cure(worst, all, limits, thresholds, inputs.configuration, run),
        risk: `Large messages take heap on brokers and clients, and make the small ones wait. ${RESTART_RISK}`,
        expectedEffect: 'What a producer may send is stored, replicated and read without a detour.',
        verifyAfter: 'No producer reports RecordTooLargeException, and replication keeps up.',
        effort: 'rollingRestart',
        impact: { kind: 'none' },
      }),
    });
  },
});

/** A request with the largest batch does not get in. */
function isRefused({ measured }: FindingDraft, { request }: Limits, { minRequestOverMessage }: Thresholds): boolean {
  return measured !== null && request !== null && request < minRequestOverMessage * measured;
}

/** Topics with a limit of their own that no request can reach are lowered at once; what the brokers hand down needs larger requests. */
function cure(
  worst: FindingDraft,
  all: readonly FindingDraft[],
  limits: Limits,
  thresholds: Thresholds,
  configuration: Parameters<typeof applyConfiguration>[1],
  run: RunContext,
): Command[] {
  const refused = all.filter((each) => isRefused(each, limits, thresholds));
  const inherited = refused.find(({ scope }) => scope === 'cluster');
  // What is too large for this report too is lowered, all else let in.
  const line = (size: number, limit: number) =>
    size > thresholds.maxMessageBytes
      ? `${MESSAGE}=${Math.floor(limit)}`
      : `${REQUEST}=${Math.ceil(thresholds.minRequestOverMessage * size)}`;
  if (refused.length > 0)
    return [
      ...refused
        .filter(({ scope }) => scope === 'topic')
        .slice(0, COMMAND_TOPICS)
        .map(({ resource, limit }) =>
          setTopicConfig(
            `Let in no larger batches of ${listed([resource])} than a request can carry`,
            resource,
            TOPIC_KEY,
            String(Math.floor(limit!)),
          ),
        ),
      ...applyConfiguration(
        inherited === undefined ? [] : [line(inherited.measured!, inherited.limit!)],
        configuration,
        run,
      ),
    ];
  const { fetch } = limits;
  return fetch !== null && worst.measured !== null && worst.measured > fetch
    ? applyConfiguration([`${FETCH}=${worst.measured}`], configuration, run)
    : [];
}

/** The worst that is wrong with one largest batch; none or one. */
function problemsOf(
  size: number,
  { request, fetch }: Limits,
  thresholds: Thresholds,
  run: RunContext,
): Pick<FindingDraft, 'severity' | 'measured' | 'limit' | 'unit' | 'note'>[] {
  const problem = (severity: Severity, limit: number, note: string) => [
    { severity: stepFor(run, severity), measured: size, limit, unit: 'bytes' as const, note },
  ];
  if (request !== null && request < thresholds.minRequestOverMessage * size)
    return problem(
      'high',
      request / thresholds.minRequestOverMessage,
      `${REQUEST} is ${bytes(request)}: a request with the largest batch is refused`,
    );
  if (size > thresholds.maxMessageBytes)
    return problem('medium', thresholds.maxMessageBytes, `batches of ${bytes(size)} are let in`);
  if (fetch !== null && size - BATCH_OVERHEAD_BYTES > fetch)
    return problem('low', fetch, `${FETCH} is ${bytes(fetch)}: such batches are replicated one at a time`);
  return [];
}
