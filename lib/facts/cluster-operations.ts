// What the free strings of MSK's cluster operations tell. AWS publishes no list of types and states, so only parts of words are read:
// an unknown type may have changed the cluster, an unknown state may still run.
// Seen: INCREASE_BROKER_COUNT, UPDATE_COMPLETE (https://docs.aws.amazon.com/msk/latest/developerguide/msk-update-broker-count.html),
// PENDING (https://docs.aws.amazon.com/msk/1.0/apireference/clusters-clusterarn-nodes-count.html), SECURITY_PATCHING and BROKER_UPDATE
// (aws/agent-toolkit-for-aws, managing-amazon-msk, maintenance-operations.md); read 2026-11-21. Names of reboots
// and of healing: unverified.

const OVER = /COMPLETE|FAILED|SUCCEEDED|CANCEL/;
const CHANGES_NOTHING = /PATCH|REBOOT|RESTART|^BROKER_UPDATE$/;

/** True when the operation has ended, in whatever way. */
export function isOperationOver(state: string): boolean {
  return OVER.test(state);
}

export function isOperationFailed(state: string): boolean {
  return state.includes('FAIL');
}

/** True where MSK replaces a broker that broke: what is wrong meanwhile is the trouble itself, not maintenance. */
export function isHealing(type: string): boolean {
  return type.includes('HEAL');
}

/** True for work on the brokers that leaves the cluster's definition as it was: patches and reboots. */
export function leavesDefinition(type: string): boolean {
  return CHANGES_NOTHING.test(type);
}
