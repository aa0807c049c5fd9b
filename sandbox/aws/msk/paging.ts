import { AwsError } from '../http.ts';

/** One page of a list; tokens are opaque to the caller and good for the same call only. */
export function page<T>(items: readonly T[], url: URL, defaultMaximum = 100): { items: T[]; nextToken?: string } {
  const asked = url.searchParams.get('maxResults');
  const maximum = asked === null ? defaultMaximum : Number(asked);
  if (!Number.isInteger(maximum) || maximum < 1 || maximum > 100) {
    throw new AwsError('BadRequestException', 'One or more of the parameters are not valid.', 400, {
      invalidParameter: 'maxResults',
    });
  }
  const start = startOf(url.searchParams.get('nextToken'));
  const end = start + maximum;
  return { items: items.slice(start, end), ...(end < items.length ? { nextToken: tokenFor(end) } : {}) };
}

function tokenFor(start: number): string {
  return Buffer.from(`sandbox:${start}`).toString('base64url');
}

function startOf(token: string | null): number {
  if (token === null) return 0;
  const start = /^sandbox:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1];
  if (start === undefined) throw new AwsError('BadRequestException', 'The nextToken is not valid.');
  return Number(start);
}
