// Which security controls a cluster meets, as DescribeClusterV2 and its configuration tell: the one reading for the checks of the area
// and for the KPI of the posture (K34).
import type { Severity } from '../checks/check.ts';
import { requiresOwnKey } from '../policy/key-tag.ts';
import { RANKING } from '../policy/weights.ts';
import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { type ConfigInputs, effectiveConfig } from './effective-config.ts';
import { sum } from './statistics.ts';

/** `unknown`: not read; `untold`: read, and MSK's answer cannot say. */
export type ControlState = 'met' | 'unmet' | 'unknown' | 'untold' | 'not-applicable';

type Security = SectionValue<'security'>;

/** Sections as a check or a KPI gets them in `mayUse`. */
export interface SecurityInputs extends ConfigInputs {
  readonly security: Collected<Security>;
  readonly tags: Collected<SectionValue<'tags'>>;
}

export const SECURITY_SECTIONS = ['security', 'cluster', 'configuration', 'kafkaBrokerConfigs', 'tags'] as const;

const unmetWhen = (isUnmet: boolean | null): ControlState => {
  if (isUnmet === null) return 'unknown';
  return isUnmet ? 'unmet' : 'met';
};

/** Client traffic and traffic between brokers are both encrypted, and nothing else is offered. */
export function transitEncrypted({ encryption: { clientBroker, inCluster } }: Security): ControlState {
  if (inCluster === false || clientBroker === 'PLAINTEXT' || clientBroker === 'TLS_PLAINTEXT') return 'unmet';
  return clientBroker === 'TLS' && inCluster === true ? 'met' : 'unknown';
}

export function authenticationRequired({ authentication: { unauthenticated } }: Security): ControlState {
  return unmetWhen(unauthenticated);
}

export const PUBLIC_ADDRESSES = 'SERVICE_PROVIDED_EIPS';

/** Brokers have no address on the internet. */
export function keptPrivate({ publicAccess }: Security): ControlState {
  if (publicAccess === PUBLIC_ADDRESSES) return 'unmet';
  return publicAccess === 'DISABLED' ? 'met' : 'unknown';
}

export function brokerLogsKept({ brokerLogs }: Security): ControlState {
  const all = Object.values(brokerLogs);
  if (all.includes(true)) return 'met';
  return all.includes(null) ? 'unknown' : 'unmet';
}

export const OPEN_ACLS = 'allow.everyone.if.no.acl.found';

/**
 * A principal without an ACL is refused. Only for principals of SCRAM and mTLS: IAM has policies of its own. The setting is no dynamic
 * one, so what the revision or MSK's default says is in force.
 */
export function accessByAcl({ authentication: { scram, tls } }: Security, inputs: ConfigInputs): ControlState {
  if (scram !== true && tls !== true) return scram === false && tls === false ? 'not-applicable' : 'unknown';
  const value = effectiveConfig(OPEN_ACLS, inputs)?.value ?? null;
  return unmetWhen(value === null ? null : value === 'true');
}

/**
 * The volumes are encrypted with a key of the owner's, where the owner's tag asks for one. The ARN of a key does not tell whose it is;
 * only AWS's own aliases begin with `alias/aws/` (https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html).
 */
export function ownKeyUsed({ encryption }: Security, tags: SecurityInputs['tags']): ControlState {
  const required = requiresOwnKey(tags.ok ? tags.value : null);
  if (required !== true) return required === false ? 'not-applicable' : 'unknown';
  const [, alias] = /:alias\/(.+)/.exec(encryption.atRestKeyArn ?? '') ?? [];
  if (alias === undefined) return 'untold';
  return unmetWhen(alias.startsWith('aws/'));
}

export interface SecurityControl {
  /** Of the check that names it. */
  id: string;
  state: ControlState;
  weight: number;
}

/** Weighs as the check does in production: what is worth a night's sleep there counts most everywhere. */
function control(id: string, severity: Severity, state: ControlState): SecurityControl {
  return { id, state, weight: RANKING.severity[severity] };
}

export function securityControls(security: Security, inputs: Omit<SecurityInputs, 'security'>): SecurityControl[] {
  return [
    control('access-unauthenticated', 'critical', authenticationRequired(security)),
    control('cluster-public', 'high', keptPrivate(security)),
    control('transit-plaintext', 'high', transitEncrypted(security)),
    control('acl-default-open', 'medium', accessByAcl(security, inputs)),
    control('broker-logs-off', 'medium', brokerLogsKept(security)),
    control('key-aws-managed', 'low', ownKeyUsed(security, inputs.tags)),
  ];
}

export interface SecurityPosture {
  /** Weighted share of the applicable controls that are met; null while one of them is unknown, or when none applies. */
  percentMet: number | null;
  controls: readonly SecurityControl[];
  unknown: readonly string[];
  /** The heaviest that is not met; null when all are. */
  worst: string | null;
}

/** A control that was not read is neither met nor unmet: with one, there is no share. What MSK cannot tell is left out. */
export function securityPosture(controls: readonly SecurityControl[]): SecurityPosture {
  const weightOf = (...states: ControlState[]) =>
    sum(controls.filter(({ state }) => states.includes(state)).map(({ weight }) => weight));
  const unknown = controls.filter(({ state }) => state === 'unknown').map(({ id }) => id);
  const [met, all] = [weightOf('met'), weightOf('met', 'unmet')];
  const unmet = controls.filter(({ state }) => state === 'unmet').toSorted((a, b) => b.weight - a.weight);
  return {
    percentMet: unknown.length > 0 || all === 0 ? null : (100 * met) / all,
    controls,
    unknown,
    worst: unmet[0]?.id ?? null,
  };
}
