// Rules about the file itself: keys nobody knows, values that are none, lines that mean something else than they seem to.
import { LIBRARY_NAME, LIBRARY_SOURCE } from '../../facts/client-libraries.ts';
import {
  KAFKA_BROKER_SETTINGS,
  KAFKA_SETTINGS_SOURCE,
  KAFKA_TOPIC_SETTINGS,
  SETTINGS_GONE_IN_4,
} from '../../facts/kafka-settings.ts';
import { GONE_FROM, LIBRARY_SETTINGS } from '../../facts/library-settings.ts';
import { TOPIC_NAME_OF_BROKER } from '../../facts/setting-words.ts';
import { nearest } from '../../text/nearest.ts';
import { safeLabel } from '../../text/sanitize.ts';
import type { Block, Draft, LintRule, Setting } from '../lint-types.ts';
import { isJvmOption } from '../parse/dialects.ts';
import { ALL_KINDS, CLIENTS, isAtLeast, KAFKA_DOCS, severities, shown } from '../rule.ts';
import { problemOf } from '../value-problem.ts';

const BROKER_NAME_OF_TOPIC = new Map(Object.entries(TOPIC_NAME_OF_BROKER).map(([broker, topic]) => [topic, broker]));
/** Read by serializers, registries, metrics and interceptors through the Java client's properties, and by wrappers of librdkafka. */
const READ_BY_OTHERS =
  /^(?:schema\.registry|basic\.auth|bearer\.auth|auto\.register|use\.latest|normalize\.schemas|specific\.|avro\.|json\.|protobuf\.|key\.|value\.|spring\.|confluent\.|dataFormat|registry\.|region$|endpoint$|schemaName|compatibility|interceptor|metrics?\.|aws\.|software\.amazon|on_|logger$)/i;

/** The known key that an unknown one was probably meant to be; null when none is close. */
function suggestionFor(block: Block, { key }: Setting): string | null {
  if (block.kind === 'topic') return TOPIC_NAME_OF_BROKER[key] ?? nearest(key, KAFKA_TOPIC_SETTINGS.keys());
  if (block.kind === 'broker') return BROKER_NAME_OF_TOPIC.get(key) ?? nearest(key, KAFKA_BROKER_SETTINGS.keys());
  return block.library === null ? null : nearest(key, LIBRARY_SETTINGS[block.library].keys());
}

/** True where an unknown key ends in an error, false where nobody reads it. */
function isStrict({ library }: Block): boolean {
  return library === null || library === 'librdkafka' || library === 'kafka-python';
}

function unknown(block: Block): Setting[] {
  return block.settings.filter((at) => !at.isKnown && !READ_BY_OTHERS.test(at.key) && looksMeant(block, at));
}

/** Where an unknown key is an error, only what is spelt like its neighbours: an application keeps words of its own beside them. */
function looksMeant(block: Block, at: Setting): boolean {
  if (!isStrict(block) || suggestionFor(block, at) !== null) return true;
  return block.library === 'kafka-python'
    ? /^[a-z0-9]+(?:_[a-z0-9]+)+$/.test(at.key)
    : /^[a-z0-9-]+(?:\.[a-z0-9_-]+)+$/.test(at.key);
}

function reader({ kind, library }: Block): string {
  return library === null ? (kind === 'topic' ? 'a topic' : 'a broker') : LIBRARY_NAME[library];
}

export const keyUnknown: LintRule = {
  id: 'key-unknown',
  kinds: ALL_KINDS,
  severity: severities('high', 'medium', 'medium'),
  what: 'A key that its reader refuses',
  why: 'librdkafka and kafka-python do not start with it, CreateTopics and an MSK configuration fail',
  right: 'the key as the documentation spells it',
  reference: KAFKA_SETTINGS_SOURCE,
  find: (block) =>
    !isStrict(block)
      ? []
      : unknown(block).map((at): Draft => {
          const meant = suggestionFor(block, at);
          return {
            at,
            message: `\`${safeLabel(at.key)}\` is no setting of ${reader(block)}`,
            right: meant === null ? null : `did you mean ${meant}`,
          };
        }),
};

export const keyMisspelt: LintRule = {
  id: 'key-misspelt',
  kinds: CLIENTS,
  severity: severities('medium', 'low', 'low'),
  what: 'A key that looks like a misspelt one',
  why: 'the library ignores what it does not know: the default holds, and nothing says so',
  right: 'the key as the documentation spells it',
  reference: KAFKA_SETTINGS_SOURCE,
  find: (block) =>
    isStrict(block)
      ? []
      : unknown(block).flatMap((at): Draft[] => {
          const meant = suggestionFor(block, at);
          const message = `\`${safeLabel(at.key)}\` is no setting of ${reader(block)}`;
          return meant === null ? [] : [{ at, message, right: `did you mean ${meant}` }];
        }),
};

export const keyUnread: LintRule = {
  id: 'key-unread',
  kinds: CLIENTS,
  severity: severities('info', 'info', 'info'),
  what: 'A key that the library does not know',
  why: 'it has no effect, unless a serializer, an interceptor or the application reads it',
  right: 'nothing, if something else reads it; else remove it',
  reference: KAFKA_SETTINGS_SOURCE,
  find: (block) =>
    isStrict(block)
      ? []
      : unknown(block)
          .filter((at) => suggestionFor(block, at) === null)
          .map((at) => ({ at, message: `\`${safeLabel(at.key)}\` is not known to ${reader(block)}` })),
};

export const keyMisplaced: LintRule = {
  id: 'key-misplaced',
  kinds: CLIENTS,
  severity: severities('low', 'low', 'info'),
  what: "A consumer's setting in a producer, or the other way round; an argument of a call in an object",
  why: 'it is ignored, and whoever wrote it believes that it works',
  right: 'the setting where it is read',
  reference: KAFKA_SETTINGS_SOURCE,
  find: (block) =>
    block.settings.flatMap((at): Draft[] => {
      const here = at.section ?? block.kind;
      if (
        at.isKnown &&
        ((here === 'producer' && at.role === 'consumer') || (here === 'consumer' && at.role === 'producer'))
      )
        return [{ at, message: `\`${safeLabel(at.key)}\` is a setting of a ${at.role}, and this is a ${here}` }];
      const isArgument = block.library === 'kafkajs' && (at.key === 'acks' || at.key === 'compression');
      if (!isArgument || here !== 'producer') return [];
      return [
        {
          at,
          message: `KafkaJS ignores \`${at.key}\` of a producer`,
          right: `${at.key} with each send() or sendBatch()`,
        },
      ];
    }),
};

export const keyDuplicate: LintRule = {
  id: 'key-duplicate',
  kinds: ALL_KINDS,
  severity: severities('medium', 'low', 'low'),
  what: 'A setting that is given twice with different values',
  why: 'the last one holds, or with two names of one setting either may',
  right: 'one line for it',
  reference: KAFKA_SETTINGS_SOURCE,
  find: (block) =>
    block.settings.flatMap((at, index): Draft[] => {
      const same = (other: Setting) =>
        other.section === at.section && (at.name === null ? other.key === at.key : other.name === at.name);
      const earlier = block.settings.slice(0, index).findLast(same);
      // Options of the JVM share the key `-XX`.
      if (earlier === undefined || earlier.value === at.value || isJvmOption(at.key)) return [];
      return [{ at, message: `\`${safeLabel(at.key)}\` contradicts line ${earlier.line}` }];
    }),
};

export const keyRemoved: LintRule = {
  id: 'key-removed',
  kinds: ALL_KINDS,
  severity: severities('medium', 'low', 'low'),
  what: 'A setting that Kafka 4 has no more, or that its library takes and does nothing with',
  why: 'it has no effect, and a broker or topic of Kafka 4 may refuse it',
  right: 'remove it',
  reference: `${KAFKA_DOCS}/#upgrade`,
  find(block, { clientVersion, kafkaVersion }) {
    const isNew = isAtLeast(block.library === 'java' ? clientVersion : kafkaVersion, '4.0');
    return block.settings.flatMap((at): Draft[] => {
      const deprecated = block.library !== null && LIBRARY_SETTINGS[block.library].get(at.key)?.isDeprecated === true;
      const reference = block.library === null ? '' : ` (${LIBRARY_SOURCE[block.library]})`;
      if (deprecated)
        return [
          { at, message: `${LIBRARY_NAME[block.library!]} no longer uses \`${at.key}\`${reference}`, milderBy: 1 },
        ];
      const isGone = (block.library === null || block.library === 'java') && SETTINGS_GONE_IN_4.has(at.key);
      const gone = isGone ? `\`${at.key}\` is gone in Kafka 4` : goneClass(at);
      const goneHere = GONE_FROM[block.library ?? '']?.find(({ keys }) => keys.has(at.key));
      if (goneHere !== undefined) {
        const milderBy = isAtLeast(clientVersion, goneHere.from) ? 0 : 1;
        return [{ at, message: `${LIBRARY_NAME[block.library!]} ${goneHere.from} refuses \`${at.key}\``, milderBy }];
      }
      // Brokers of 3.x still read it.
      return gone === null ? [] : [{ at, message: gone, milderBy: isNew || !isGone ? 0 : 1 }];
    });
  },
};

function goneClass({ key, text }: Setting): string | null {
  const name = /\b(DefaultPartitioner|UniformStickyPartitioner)$/.exec(text)?.[1];
  return key === 'partitioner.class' && name !== undefined
    ? `${name} was deprecated with KIP-794 and is gone in Kafka 4: leave partitioner.class out`
    : null;
}

export const commentInValue: LintRule = {
  id: 'comment-in-value',
  kinds: ALL_KINDS,
  severity: severities('high', 'medium', 'low'),
  what: 'A comment behind a value in a .properties file',
  why: 'such files have no comments behind a value: the comment is part of it, and a number with words behind it is none',
  right: 'the comment on a line of its own',
  reference: 'https://docs.oracle.com/javase/8/docs/api/java/util/Properties.html#load-java.io.Reader-',
  find: (block) =>
    block.library === 'sarama' || block.library === 'kafka-python'
      ? []
      : block.settings
          .filter(({ comment }) => comment !== null)
          .map((at) => ({
            at,
            message: `the value of \`${at.key}\` goes on to the end of the line`,
            right: shown(at),
          })),
};

export const valueInvalid: LintRule = {
  id: 'value-invalid',
  kinds: ALL_KINDS,
  severity: severities('high', 'medium', 'medium'),
  what: 'A value that its reader refuses or takes for something else',
  why: 'the client does not start, the topic is not created, MSK refuses the configuration',
  right: 'a value of the type and range that the setting has',
  reference: KAFKA_SETTINGS_SOURCE,
  find: (block) =>
    block.settings.flatMap((at): Draft[] => {
      const allowed = problemOf(block, at);
      return allowed === null ? [] : [{ at, message: `${shown(at)}: ${allowed.found}`, right: allowed.right }];
    }),
};
