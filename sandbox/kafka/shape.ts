/** How the cluster differs from the usual three open brokers. */
export interface ClusterShape {
  /** One to three. */
  brokers: number;
  /**
   * User names and passwords. With them the brokers open a SASL listener (PLAIN and SCRAM-SHA-512) beside the plaintext one and check
   * ACLs: whoever comes over plaintext may do everything, a user only what an ACL allows.
   */
  users: Readonly<Record<string, string>> | null;
  /** Also every way in that MSK has: SCRAM over TLS, TLS, mutual TLS, IAM. Needs users. */
  everyListener?: boolean;
  /** A proxy in front of each broker, on listeners of their own. */
  proxied?: boolean;
}

export const usualShape: ClusterShape = { brokers: 3, users: null };
