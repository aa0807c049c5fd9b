// Several accounts and regions behind one address: who asks, and where, stands in the signature of each request.

import { AwsError } from '../../../sandbox/aws/http.ts';
import { mskOperation } from '../../../sandbox/aws/msk/routes.ts';
import { type AnsweredCall, type AwsFront, startAwsFront } from '../aws-front.ts';

/** The account of the credentials in the environment. */
export const OWN = '111122223333';
export const OTHER = '444455556666';

export interface Where {
  accountId: string;
  region: string;
}

export interface World {
  /** What an account answers in a region; null stands for a region that is not enabled there. */
  clusters: (where: Where, call: AnsweredCall) => object | null | Promise<object>;
  tags?: (arn: string, where: Where) => object;
  /** Refuses, or lets the role be assumed by returning nothing. */
  assume?: (roleArn: string, where: Where) => void;
  /** The caller's identity as STS of a region knows it. */
  identity?: (region: string) => void;
}

export async function startWorld(world: World): Promise<AwsFront & { assumed: URLSearchParams[] }> {
  const assumed: URLSearchParams[] = [];
  const answers = {
    kafka: {
      ListClustersV2: async (call: AnsweredCall) => {
        const answer = await world.clusters(whereOf(call), call);
        if (answer === null) throw new AwsError('UnrecognizedClientException', 'The security token is invalid.', 403);
        return answer;
      },
      ListTagsForResource: (call: AnsweredCall) => {
        const arn = decodeURIComponent(call.url.pathname.split('/').at(-1)!);
        return world.tags?.(arn, whereOf(call)) ?? { tags: {} };
      },
    },
    sts: {
      GetCallerIdentity: (call: AnsweredCall) => {
        world.identity?.(whereOf(call).region);
        return { xml: stsXml('GetCallerIdentity', `<Account>${OWN}</Account>`) };
      },
      AssumeRole: (call: AnsweredCall) => {
        assumed.push(call.form);
        const roleArn = call.form.get('RoleArn')!;
        world.assume?.(roleArn, whereOf(call));
        return { xml: stsXml('AssumeRole', credentialsXml(roleArn.split(':')[4]!)) };
      },
    },
  };
  const front = await startAwsFront(answers, (service, method, url) =>
    service === 'kafka' ? mskOperation(method, url) : undefined,
  );
  return { ...front, assumed };
}

function whereOf({ headers }: AnsweredCall): Where {
  const scope = /Credential=([^/]+)\/\d{8}\/([^/]+)\//.exec(headers.authorization ?? '');
  const accountId = /^ASIA(\d{12})$/.exec(scope?.[1] ?? '')?.[1] ?? OWN;
  return { accountId, region: scope?.[2] ?? '' };
}

export function credentialsXml(accountId: string, expiresAt = '2099-01-01T00:00:00Z'): string {
  return `<Credentials><AccessKeyId>ASIA${accountId}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expiresAt}</Expiration></Credentials>`;
}

export function stsXml(operation: string, result: string): string {
  return `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result>${result}</${operation}Result></${operation}Response>`;
}

/** A cluster as ListClustersV2 sends it: the names of the fields begin in lower case on the wire. */
export function aCluster({ accountId, region }: Where, name: string, changes: object = {}): Record<string, unknown> {
  return {
    clusterArn: `arn:aws:kafka:${region}:${accountId}:cluster/${name}/0f0e7c1a-7e4a-4b1c-9a6e-2f1d0a2b3c4d-7`,
    clusterName: name,
    clusterType: 'PROVISIONED',
    state: 'ACTIVE',
    tags: {},
    provisioned: {
      numberOfBrokerNodes: 3,
      brokerNodeGroupInfo: { clientSubnets: ['subnet-a'], instanceType: 'kafka.m7g.large' },
    },
    ...changes,
  };
}
