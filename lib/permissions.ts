// Everything the product asks to be allowed, by whom and why: the IAM policies of docs/permissions.md and of the deployment, and the
// Kafka requests on the wire, are held against these lists by tests.
import { PERMISSIONS } from './permission-table.ts';
import type { Permission, PermissionChoices, Principal } from './permission-types.ts';

export type { PermissionChoices, PermissionResource, Principal } from './permission-types.ts';

/** Prefixes of the report bucket, as lib/publish/keys.ts lays it out. */
export const BUCKET_WRITE_PREFIXES = ['v1/reports/', 'v1/snapshots/', 'v1/rollups/', 'v1/latest/', 'runs/'] as const;
/** Under `v1/config/` lies the user's policy: read, never written. */
export const BUCKET_READ_PREFIXES = [...BUCKET_WRITE_PREFIXES, 'v1/config/'] as const;

/** What no policy may ever give to one of the principals, unless the user chose it: a deny beats every allow. */
export const DENIED_ACTIONS: Readonly<Record<Principal, readonly string[]>> = {
  cli: [
    'kafka-cluster:ReadData',
    'kafka-cluster:WriteData*',
    'kafka-cluster:Alter*',
    'kafka-cluster:Create*',
    'kafka-cluster:Delete*',
  ],
  reporter: [
    'kafka:Create*',
    'kafka:Update*',
    'kafka:Delete*',
    'kafka:Put*',
    'kafka:Reboot*',
    'kafka:Reject*',
    'kafka:BatchAssociate*',
    'kafka:BatchDisassociate*',
    'kafka:TagResource',
    'kafka:UntagResource',
    'kafka-cluster:ReadData',
    'kafka-cluster:WriteData*',
    'kafka-cluster:Alter*',
    'kafka-cluster:Create*',
    'kafka-cluster:Delete*',
  ],
  collector: [
    'kafka-cluster:ReadData',
    'kafka-cluster:WriteData*',
    'kafka-cluster:Alter*',
    'kafka-cluster:Create*',
    'kafka-cluster:Delete*',
  ],
};

export function permissionsOf(principal: Principal, choices: PermissionChoices = {}): Permission[] {
  return PERMISSIONS.filter((permission) => permission.usedBy.includes(principal) && isGiven(permission, choices));
}

export function deniedActionsOf(principal: Principal, choices: PermissionChoices = {}): string[] {
  const chosen = permissionsOf(principal, choices).filter(({ optIn }) => optIn !== undefined);
  return DENIED_ACTIONS[principal].filter((denied) => chosen.every(({ action }) => action !== denied));
}

function isGiven({ optIn }: Permission, choices: PermissionChoices): boolean {
  return optIn === undefined || choices[optIn] === true;
}
