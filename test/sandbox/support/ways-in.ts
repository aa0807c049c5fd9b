// Every way into the sandbox's cluster, each with what a client needs for it.
import { readFileSync } from 'node:fs';
import type { KafkaAuth } from '../../../lib/collect/kafka/collect-kafka.ts';
import { type Acl, readOnlyAcls, setAcls } from '../../../sandbox/kafka/acls.ts';
import type { KafkaCluster } from '../../../sandbox/kafka/cluster.ts';

export interface WayIn {
  bootstrap: string;
  auth: KafkaAuth;
}

/** The names of all of them, for `test.each`: the ways themselves are known once a cluster runs. */
export const WAYS_IN = ['plaintext', 'tls', 'mtls', 'scram', 'scram without tls', 'plain', 'iam'] as const;
export type WayName = (typeof WAYS_IN)[number];

/** For a cluster of the shape `everyListener`, with the one user `reader`. Whoever is not a super user may see all and change nothing. */
export async function waysInto(cluster: KafkaCluster, password: string): Promise<Record<WayName, WayIn>> {
  const { ca: authority, iam } = cluster;
  if (authority === null || iam === null) throw new Error('the shape of this cluster lacks listeners');
  const ca = readFileSync(authority.certificateFile, 'utf8');
  const client = await authority.issueClient('reader');
  const user = { username: 'reader', password };
  for (const principal of ['User:reader', client.principal, `User:${iam.accessKeyId}`])
    await setAcls(cluster, principal, readOnlyAcls as Acl[]);

  const cert = readFileSync(client.certificateFile, 'utf8');
  const key = readFileSync(client.keyFile, 'utf8');
  const { region, ...keys } = iam;
  const sasl = cluster.bootstrapOf('sasl');
  return {
    plaintext: { bootstrap: cluster.bootstrap, auth: { kind: 'none' } },
    tls: { bootstrap: cluster.bootstrapOf('tls'), auth: { kind: 'tls', ca } },
    mtls: { bootstrap: cluster.bootstrapOf('mtls'), auth: { kind: 'mtls', cert, key, ca } },
    scram: { bootstrap: cluster.bootstrapOf('scram'), auth: { kind: 'scram', ...user, tls: true, ca } },
    'scram without tls': { bootstrap: sasl, auth: { kind: 'scram', ...user, tls: false } },
    plain: { bootstrap: sasl, auth: { kind: 'plain', ...user, tls: false } },
    iam: { bootstrap: cluster.bootstrapOf('iam'), auth: { kind: 'iam', region, credentials: async () => keys, ca } },
  };
}
