// The rule about libraries that are told which version the brokers have.
import { versionRank } from '../../facts/client-defaults.ts';
import type { Draft, LintRule } from '../lint-types.ts';
import { CLIENTS, isTrue, setting, severities, shown } from '../rule.ts';

/** What Kafka 4 still answers (KIP-896), and what Sarama's own validation asks for. */
const OLDEST_SPOKEN = '2.1';
const WITH_ZSTD = '2.1';
const WITH_IDEMPOTENCE = '0.11';

export const protocolVersionOld: LintRule = {
  id: 'protocol-version-old',
  kinds: CLIENTS,
  severity: severities('high', 'medium', 'low'),
  what: 'A client that is told to speak an older protocol than Kafka 4 answers',
  why: 'brokers of Kafka 4 close the connection of whoever asks in a version from before 2.1; Sarama refuses what its version does not have',
  right: 'Version=2.8.0 or the version of the brokers; not above it before Sarama 1.46',
  reference:
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-896%3A+Remove+old+client+protocol+API+versions+in+Kafka+4.0',
  find(block, { kafkaVersion }) {
    const at = block.library === 'sarama' ? block.settings.findLast(({ key }) => key === 'Version') : undefined;
    // `2.1.0` in a file, `sarama.V2_1_0_0` in lines of Go.
    const [, told] = /(\d+[._]\d+)/.exec(at?.text ?? '') ?? [];
    if (at === undefined || told === undefined) return [];
    const isBefore = (version: string) => versionRank(told.replace('_', '.'))! < versionRank(version)!;
    const refused = [
      ...(isTrue(setting(block, 'enable.idempotence')) && isBefore(WITH_IDEMPOTENCE) ? ['idempotence'] : []),
      ...(setting(block, 'compression.type')?.value === 'zstd' && isBefore(WITH_ZSTD) ? ['zstd'] : []),
    ];
    const drafts = refused.map(
      (what): Draft => ({ at, message: `${shown(at)} knows no ${what}: Sarama does not start` }),
    );
    if (drafts.length > 0 || !isBefore(OLDEST_SPOKEN)) return drafts;
    const isRefused = kafkaVersion !== null && versionRank(kafkaVersion)! >= versionRank('4.0')!;
    const whose = isRefused ? `Kafka ${kafkaVersion} answers` : 'Kafka 4 answers';
    return [{ at, message: `${shown(at)}: ${whose} from ${OLDEST_SPOKEN} on`, milderBy: isRefused ? 0 : 1 }];
  },
};
