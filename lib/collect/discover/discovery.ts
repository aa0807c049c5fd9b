// What a search for clusters is asked, and what it answers: every account in every region, read or named with what kept it from being read.
import type { MissingReason } from '../../snapshot/collected.ts';
import type { AwsFailureKind } from '../classify-aws-error.ts';

export interface TagFilter {
  key: string;
  value: string;
}

export interface DiscoveryRequest {
  regions: readonly string[];
  /** 12 digits each. None, and no roles either: the caller's own. */
  accounts?: readonly string[] | undefined;
  /** Role that every account but the caller's own has, with its path if it has one. */
  roleName?: string | undefined;
  /** Roles by their ARNs, one for each account to read. */
  roleArns?: readonly string[] | undefined;
  externalId?: string | undefined;
  /** A cluster must have all of them. */
  tags?: readonly TagFilter[] | undefined;
  profile?: string | undefined;
  /** Epoch milliseconds by which the answer must be there. */
  deadlineMs: number;
}

export type DiscoveredKind = 'provisioned-standard' | 'provisioned-express' | 'serverless' | 'unknown';

export interface DiscoveredCluster {
  arn: string;
  name: string;
  kind: DiscoveredKind;
  /** As AWS names it; a cluster that is CREATING or DELETING is listed too. */
  state: string;
  region: string;
  accountId: string;
  /** Null where AWS did not say and no filter needed them. */
  tags: Record<string, string> | null;
}

/** Something that could not be read: the clusters of an account in a region, some of them, or the tags of one. */
export interface DiscoveryProblem {
  /** Null for the caller's own account where it was not named. */
  accountId: string | null;
  region: string;
  /** The cluster whose tags are not known, so that the filter could not decide; null for the list itself. */
  clusterArn: string | null;
  /** Class of the failure; `incomplete` for an answer that lacks what it must hold, or a list that did not end. */
  kind: AwsFailureKind | 'incomplete';
  reason: MissingReason;
  /** One line. */
  detail: string;
  fix: string | null;
  /** The one permission that is missing, where that is the cure. */
  permission: { action: string; resource: string } | null;
}

export interface Discovery {
  /** By account, region and name. */
  clusters: DiscoveredCluster[];
  /** By account and region. */
  problems: DiscoveryProblem[];
  /** How many lists of clusters were asked for (one for each account and region), and how many were read, whole or in part. */
  lists: { asked: number; read: number };
}
