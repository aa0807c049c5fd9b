// What a permission is, and what a user may choose of them.

/** `cli`: who runs msk-checkup. `reporter`: the Lambda that calls AWS. `collector`: the Lambda inside the VPC that calls Kafka. */
export type Principal = 'cli' | 'reporter' | 'collector';

/** What a permission must cover. `any`: IAM knows no narrower resource for the action. */
export type PermissionResource =
  | 'any'
  | 'cluster'
  | 'configuration'
  | 'topic'
  | 'group'
  | 'bucket'
  | 'bucket-read-prefixes'
  | 'bucket-write-prefixes'
  | 'report-topics'
  | 'collector-function'
  | 'auth-secret'
  | 'auth-secret-key';

export interface Permission {
  action: string;
  usedBy: readonly Principal[];
  resource: PermissionResource;
  why: string;
  /** Given only by this choice of the user; without it the action is in no policy, and is denied where it reads records. */
  optIn?: keyof PermissionChoices;
}

/** What a user may allow beyond the default. */
export interface PermissionChoices {
  /** Reading headers of record batches and the producers of partitions, for which Kafka knows no right but that to read records. */
  readData?: boolean;
  /** Taking the credentials for SCRAM, PLAIN or mutual TLS from one secret of AWS Secrets Manager. */
  authSecret?: boolean;
  /** Asking Cost Explorer for the account's bill of MSK, which AWS charges for. */
  bill?: boolean;
  /** Finding clusters instead of naming one. */
  discovery?: boolean;
}
