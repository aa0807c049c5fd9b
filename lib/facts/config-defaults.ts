// Broker settings that hold on MSK where a cluster's configuration is silent.
// Standard: https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html;
// Express: https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-express-read-only.html; read 2026-11-20.

const STANDARD_SOURCE = 'https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html';
const EXPRESS_SOURCE = 'https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-express-read-only.html';

export const CONFIG_DEFAULT_KEYS = ['min.insync.replicas', 'unclean.leader.election.enable'] as const;
export type ConfigDefaultKey = (typeof CONFIG_DEFAULT_KEYS)[number];

/** What decides a default on MSK. */
export type ConfigDefaultContext =
  | { kind: 'provisioned-standard'; azCount: number; storageMode: 'LOCAL' | 'TIERED' }
  | { kind: 'provisioned-express' };

export interface ConfigDefault {
  value: string;
  /** `msk-fixed`: cannot be changed on this kind of cluster. */
  origin: 'msk-default' | 'msk-fixed';
  source: string;
}

/**
 * MSK's value of a broker setting that the cluster's configuration does not set.
 * Serverless has no broker settings, so it has no entry here.
 */
export function mskDefaultOf(key: ConfigDefaultKey, context: ConfigDefaultContext): ConfigDefault {
  if (context.kind === 'provisioned-express') {
    const value = key === 'min.insync.replicas' ? '2' : 'false';
    return { value, origin: 'msk-fixed', source: EXPRESS_SOURCE };
  }
  return { value: standardDefault(key, context), origin: 'msk-default', source: STANDARD_SOURCE };
}

function standardDefault(key: ConfigDefaultKey, context: { azCount: number; storageMode: 'LOCAL' | 'TIERED' }): string {
  if (key === 'min.insync.replicas') return context.azCount >= 3 ? '2' : '1';
  // MSK's default is true, against Apache Kafka's false; only a cluster with tiered storage gets false.
  return context.storageMode === 'TIERED' ? 'false' : 'true';
}
