// Service Quotas of MSK in the cluster's account and region.
import type {
  ListAWSDefaultServiceQuotasResponse,
  ListServiceQuotasResponse,
  ServiceQuota,
} from '@aws-sdk/client-service-quotas';
import { MSK_QUOTA_LIMITS } from '../../facts/msk-quotas.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { type AwsAccess, awsClientConfig } from '../aws-clients.ts';
import type { AwsCall } from '../aws-errors.ts';
import { asNote, attemptCall, partialOf, type Read, told } from '../msk/cluster-reading.ts';
import { collectPages } from '../pages.ts';
import type { SectionRun } from '../section-run.ts';

/** Each rejects with the SDK's own error. */
export interface QuotaReader {
  listApplied(token: string | undefined, signal: AbortSignal): Promise<ListServiceQuotasResponse>;
  listDefaults(token: string | undefined, signal: AbortSignal): Promise<ListAWSDefaultServiceQuotasResponse>;
}

const SERVICE = { ServiceCode: 'kafka', MaxResults: 100 } as const;
/** MSK has seven quotas there. */
const MAX_PAGES = 5;

export async function createQuotaReader(access: AwsAccess): Promise<QuotaReader> {
  const sdk = await import('@aws-sdk/client-service-quotas');
  const client = new sdk.ServiceQuotasClient(awsClientConfig(access));
  return {
    listApplied: (NextToken, abortSignal) =>
      client.send(new sdk.ListServiceQuotasCommand({ ...SERVICE, QuotaAppliedAtLevel: 'ACCOUNT', NextToken }), {
        abortSignal,
      }),
    listDefaults: (NextToken, abortSignal) =>
      client.send(new sdk.ListAWSDefaultServiceQuotasCommand({ ...SERVICE, NextToken }), { abortSignal }),
  };
}

/** @param operation of Service Quotas. Its List actions know no resources. */
export function quotaCall(operation: string, region: string): AwsCall {
  return { action: `servicequotas:${operation}`, resource: '*', region };
}

type Quotas = SectionValue<'quotas'>;

/** Values of this account by code. AWS leaves out those it cannot tell; only when one of those is needed, its default is asked for. */
export async function readQuotas(reader: QuotaReader, region: string, run: SectionRun): Promise<Read<Quotas>> {
  const applied = await pagesOf((token) => reader.listApplied(token, run.signal), 'applied');
  const defaults = isNeededMissing(applied.quotas)
    ? await attemptCall(run, quotaCall('ListAWSDefaultServiceQuotas', region), (signal) =>
        pagesOf((token) => reader.listDefaults(token, signal), 'aws-default'),
      )
    : null;
  const others = defaults?.ok ? defaults.value : { quotas: [], isTruncated: false };
  const byCode = new Map([...others.quotas, ...applied.quotas].map((quota) => [quota.code, quota]));
  const value = [...byCode.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
  const unknown = value.filter((quota) => quota.value === null).length;
  const partial = partialOf([
    defaults === null || defaults.ok ? null : asNote(defaults.missing),
    applied.isTruncated || others.isTruncated ? 'the list of quotas went on after its last page was due' : null,
    unknown > 0 ? `${unknown} quotas came without a value` : null,
  ]);
  return { value, partial };
}

/** True when a quota that a check needs is not among these. */
function isNeededMissing(quotas: Quotas): boolean {
  return Object.keys(MSK_QUOTA_LIMITS).some((code) => quotas.every((quota) => quota.code !== code));
}

async function pagesOf(
  list: (token: string | undefined) => Promise<{ Quotas?: ServiceQuota[]; NextToken?: string }>,
  source: Quotas[number]['source'],
): Promise<{ quotas: Quotas; isTruncated: boolean }> {
  const { items, isTruncated } = await collectPages(async (token) => {
    const page = await list(token);
    return { items: told(page.Quotas, 'Quotas'), nextToken: page.NextToken };
  }, MAX_PAGES);
  const quotas = items.flatMap(({ QuotaCode, QuotaName, Value, Adjustable }) =>
    QuotaCode === undefined
      ? []
      : [
          {
            code: QuotaCode,
            name: QuotaName ?? '',
            value: Value ?? null,
            isAdjustable: Adjustable ?? null,
            limits: Object.hasOwn(MSK_QUOTA_LIMITS, QuotaCode) ? MSK_QUOTA_LIMITS[QuotaCode]! : null,
            source,
          },
        ],
  );
  return { quotas, isTruncated };
}
