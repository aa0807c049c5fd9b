// The part of the Price List API that the product uses, as a narrow interface.
import type { GetProductsResponse } from '@aws-sdk/client-pricing';
import type { PriceService } from '../../facts/price-keys.ts';
import { type AwsAccess, awsClientConfig } from '../aws-clients.ts';

/** One page of products; rejects with the SDK's own error. */
export interface PriceReader {
  getProducts(query: PriceQuery, nextToken: string | undefined, signal: AbortSignal): Promise<GetProductsResponse>;
}

export interface PriceQuery {
  service: PriceService;
  /** Attribute to its exact value. */
  filters: Readonly<Record<string, string>>;
}

/** The most that GetProducts gives in one page. */
const PAGE_SIZE = 100;

/** Products are asked for where the API is, which is rarely where the cluster is. */
export async function createPriceReader(access: AwsAccess, endpointRegion: string): Promise<PriceReader> {
  const sdk = await import('@aws-sdk/client-pricing');
  const client = new sdk.PricingClient({ ...awsClientConfig(access), region: endpointRegion });
  return {
    getProducts: ({ service, filters }, NextToken, abortSignal) =>
      client.send(
        new sdk.GetProductsCommand({
          ServiceCode: service,
          Filters: Object.entries(filters).map(([Field, Value]) => ({ Type: 'TERM_MATCH', Field, Value })),
          FormatVersion: 'aws_v1',
          NextToken,
          MaxResults: PAGE_SIZE,
        }),
        { abortSignal },
      ),
  };
}

/** Where the Price List of a cluster's region is answered, or why it cannot be asked. */
export type PriceEndpoint = { region: string } | { problem: string };

/**
 * Endpoints of the Price List Query API: us-east-1, eu-central-1 and ap-south-1.
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-ppslong.html (read 2026-11-21). The nearest one, because
 * organisations forbid far regions. China (cn-northwest-1) and the EU's own cloud (eusc-de-east-1) answer in their own currency.
 */
export function priceEndpointOf(clusterRegion: string): PriceEndpoint {
  if (clusterRegion.startsWith('cn-')) return { problem: 'the Price List of China is in CNY, and only USD is counted' };
  if (clusterRegion.startsWith('eusc-'))
    return { problem: "the Price List of the EU's own cloud is in EUR, and only USD is counted" };
  if (clusterRegion.startsWith('us-gov-')) return { problem: 'the Price List API is not offered to GovCloud accounts' };
  if (clusterRegion.startsWith('us-iso')) return { problem: 'the Price List API is not known in isolated regions' };
  if (clusterRegion.startsWith('eu-')) return { region: 'eu-central-1' };
  if (clusterRegion.startsWith('ap-') || clusterRegion.startsWith('me-')) return { region: 'ap-south-1' };
  return { region: 'us-east-1' };
}
