import { type AwsAccess, awsClientConfig } from '../aws-clients.ts';

/** The account of the caller's own credentials; null when the answer does not say. Needs no permission. */
export async function readOwnAccount(access: AwsAccess, abortSignal: AbortSignal): Promise<string | null> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const sts = new STSClient(awsClientConfig(access));
  try {
    return (await sts.send(new GetCallerIdentityCommand({}), { abortSignal })).Account ?? null;
  } finally {
    sts.destroy();
  }
}
