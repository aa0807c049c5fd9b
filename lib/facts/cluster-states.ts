// What each MSK cluster state means for someone who reads a report. AWS adds states: an unknown one is named, never judged.
// Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-cluster-states.html and enum ClusterState of
// @aws-sdk/client-kafka 3.1169.0; read 2026-11-20.

export interface ClusterStateMeaning {
  /** False: no broker serves clients, so an unreachable broker is no finding. */
  serving: boolean;
  /** True: brokers restart one after the other; under-replication and gaps in metrics are expected. */
  disturbed: boolean;
  /** False: MSK refuses every update, so a fix has to wait. */
  updatable: boolean;
  meaning: string;
}

export const CLUSTER_STATES: Readonly<Record<string, ClusterStateMeaning>> = {
  ACTIVE: {
    serving: true,
    disturbed: false,
    updatable: true,
    meaning: 'The cluster serves clients and accepts updates',
  },
  CREATING: { serving: false, disturbed: false, updatable: false, meaning: 'The cluster is being created' },
  DELETING: { serving: false, disturbed: false, updatable: false, meaning: 'The cluster is being deleted' },
  FAILED: {
    serving: false,
    disturbed: false,
    updatable: false,
    meaning: 'Creation or deletion failed; the cluster serves no clients',
  },
  HEALING: {
    serving: true,
    disturbed: true,
    updatable: false,
    meaning: 'MSK is replacing an unhealthy broker; data flows, updates wait',
  },
  MAINTENANCE: {
    serving: true,
    disturbed: true,
    updatable: false,
    meaning: 'MSK is patching the brokers one after the other; data flows, updates wait',
  },
  REBOOTING_BROKER: {
    serving: true,
    disturbed: true,
    updatable: false,
    meaning: 'A broker is being rebooted on request; data flows, updates wait',
  },
  UPDATING: {
    serving: true,
    disturbed: true,
    updatable: false,
    meaning: 'An update that you or MSK started is running; data flows, further updates wait',
  },
};

/** The meaning of a state, or null for one that this table does not know. */
export function meaningOfState(state: string): ClusterStateMeaning | null {
  return Object.hasOwn(CLUSTER_STATES, state) ? CLUSTER_STATES[state]! : null;
}
