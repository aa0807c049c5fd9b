// What each MSK cluster state means for someone who reads a report, and what can be read of such a cluster. AWS adds states: an unknown
// one is named, never judged, and everything of it is asked for.
// Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-cluster-states.html and enum ClusterState of
// @aws-sdk/client-kafka 3.1169.0; read 2026-11-20.
import type { SectionName } from '../snapshot/schema.ts';

export interface ClusterStateMeaning {
  /** False: no broker serves clients, so an unreachable broker is no finding. */
  serving: boolean;
  /** True: brokers restart one after the other; under-replication and gaps in metrics are expected. */
  disturbed: boolean;
  /** False: MSK refuses every update, so a fix has to wait. */
  updatable: boolean;
  meaning: string;
  /** Sections that such a cluster cannot give, each with the reason. They are not asked for: MSK refuses the call. */
  unreadable: Partial<Readonly<Record<SectionName, string>>>;
}

// MSK: "You can't get bootstrap broker nodes for a cluster in FAILED state", and the same in DELETING, seen in
// https://github.com/angelabad/terraform-aws-msk-cluster/issues/28 and https://github.com/crossplane-contrib/provider-aws/pull/1882.
// What a broker would have to give is missing with it.
function withoutBrokers(because: string): Partial<Record<SectionName, string>> {
  return {
    nodes: because,
    bootstrap: because,
    versions: because,
    mskTopics: because,
    metrics: because,
    openMonitoring: because,
  };
}

const BEING_DELETED = 'the cluster is being deleted: MSK answers nothing but its description';

// "Your cluster must be in the ACTIVE state":
// https://docs.aws.amazon.com/msk/latest/developerguide/msk-topic-operations-information.html, read 2026-11-21.
const WITHOUT_TOPIC_API = { mskTopics: "MSK's topic API answers only while the cluster is ACTIVE" };

export const CLUSTER_STATES: Readonly<Record<string, ClusterStateMeaning>> = {
  ACTIVE: {
    serving: true,
    disturbed: false,
    updatable: true,
    meaning: 'The cluster serves clients and accepts updates',
    unreadable: {},
  },
  CREATING: {
    serving: false,
    disturbed: false,
    updatable: false,
    meaning: 'The cluster is being created',
    unreadable: withoutBrokers('the cluster is being created: it has no brokers yet'),
  },
  DELETING: {
    serving: false,
    disturbed: false,
    updatable: false,
    meaning: 'The cluster is being deleted',
    // "You also cannot perform Amazon MSK API or AWS CLI operations on it" (page of the states).
    unreadable: { ...withoutBrokers(BEING_DELETED), configuration: BEING_DELETED, operations: BEING_DELETED },
  },
  FAILED: {
    serving: false,
    disturbed: false,
    updatable: false,
    meaning: 'Creation or deletion failed; the cluster serves no clients',
    // Its operations are read: the failed one says why.
    unreadable: withoutBrokers('the creation or deletion of the cluster failed: it has no brokers'),
  },
  HEALING: {
    serving: true,
    disturbed: true,
    updatable: false,
    meaning: 'MSK is replacing an unhealthy broker; updates wait',
    unreadable: WITHOUT_TOPIC_API,
  },
  MAINTENANCE: {
    serving: true,
    disturbed: true,
    updatable: false,
    meaning: 'MSK is patching the brokers one after the other; data flows, updates wait',
    unreadable: WITHOUT_TOPIC_API,
  },
  REBOOTING_BROKER: {
    serving: true,
    disturbed: true,
    updatable: false,
    meaning: 'A broker is being rebooted on request; data flows, updates wait',
    unreadable: WITHOUT_TOPIC_API,
  },
  UPDATING: {
    serving: true,
    disturbed: true,
    updatable: false,
    meaning: 'An update that you or MSK started is running; data flows, further updates wait',
    unreadable: WITHOUT_TOPIC_API,
  },
};

/**
 * Why a section is missing when AWS no longer knows the cluster that it has just described: the run goes on with what was read.
 * A cluster that was listed and is unknown when it is described ends the run of that cluster (`not-found`).
 */
export const DELETED_WHILE_READ = 'the cluster was deleted while it was read';

/** The meaning of a state, or null for one that this table does not know. */
export function meaningOfState(state: string): ClusterStateMeaning | null {
  return Object.hasOwn(CLUSTER_STATES, state) ? CLUSTER_STATES[state]! : null;
}

/** Why a cluster in this state cannot give the section; null when it is worth a call. */
export function whyUnreadable(state: string, section: SectionName): string | null {
  return meaningOfState(state)?.unreadable[section] ?? null;
}
