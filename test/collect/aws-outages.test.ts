// What can happen to a whole collection: time runs out, the clock is wrong, credentials end, an account or a region says no.
import { describe, expect, test } from 'vitest';
import type { SectionName } from '../../lib/snapshot/schema.ts';
import { AwsError } from '../../sandbox/aws/http.ts';
import type { Answer, AnsweredCall } from './aws-front.ts';
import { credentialsXml, stsXml } from './discover/many-accounts.ts';
import {
  allFor,
  BEHIND,
  calls,
  collect,
  DEADLINE_MS,
  front,
  gapsOf,
  REGION,
  section,
  start,
  toldBy,
} from './fault-run.ts';
import { OPERATIONS, type Operation } from './healthy-account.ts';
import { ARN } from './msk/an-answer.ts';

const ROLE = `arn:aws:iam::${ARN.accountId}:role/reader`;

describe('time', () => {
  const after = (ms: number, answer: Answer) => async (call: AnsweredCall) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return typeof answer === 'function' ? answer(call) : answer;
  };
  const never = () => new Promise<object>(() => {});

  test('slow answers of every operation are waited for', async () => {
    await start(Object.fromEntries(OPERATIONS.map(({ operation, answer }) => [operation, after(5_000, answer)])));
    const run = await collect();
    expect(gapsOf(run)).toEqual({});
    expect(run.tookMs).toBeGreaterThan(10_000);
  });

  test('all but the cluster’s description never answering costs all but that, at the deadline', async () => {
    const others = OPERATIONS.filter(({ operation }) => operation !== 'DescribeClusterV2');
    await start(Object.fromEntries(others.map(({ operation }) => [operation, never])));
    const run = await collect({ deadlineMs: 5_000 });
    const gaps = others.flatMap((operation) => Object.entries(allFor(operation, 'timed-out')));
    expect(gapsOf(run)).toMatchObject(Object.fromEntries(gaps));
    expect(section(run, 'cluster').ok).toBe(true);
    for (const operation of others) expect(toldBy(run, operation)).not.toBe('');
  });

  test('nothing that answers at all ends the run at its deadline, with one line', async () => {
    await start(Object.fromEntries(OPERATIONS.map(({ operation }) => [operation, never])));
    const { error } = await collect({ deadlineMs: 5_000 });
    expect(error).toMatchObject({ code: 'timed-out' });
  });
});

/** AWS by a clock of its own: it refuses what is signed for another time, and says which time it is. */
function atClock(offsetMs: number, refusal: { code: string; status: number }, saysTime = true): Record<string, Answer> {
  const guarded =
    ({ operation, answer }: Operation): Answer =>
    async (call: AnsweredCall) => {
      const serverMs = Date.now() + offsetMs;
      const [, y, mo, d, h, mi, sec] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(
        String(call.headers['x-amz-date']),
      )!;
      const signedMs = Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(sec));
      const date = saysTime ? new Date(serverMs).toUTCString() : 'soon';
      if (Math.abs(signedMs - serverMs) > 300_000) {
        refused.push(operation);
        const message = `Signature not yet current or expired: ${BEHIND}`;
        const type = { 'x-amzn-errortype': refusal.code, 'x-amzn-query-error': `${refusal.code};Sender` };
        return {
          raw: JSON.stringify({ __type: refusal.code, message }),
          status: refusal.status,
          headers: { ...type, date },
        };
      }
      const given = typeof answer === 'function' ? await answer(call) : answer;
      return { raw: JSON.stringify(given), headers: { date } };
    };
  return Object.fromEntries(OPERATIONS.map((each) => [each.operation, guarded(each)]));
}
let refused: string[] = [];

describe('a clock that is ten minutes off', () => {
  const TEN_MIN = 600_000;
  test.each([
    ['behind', TEN_MIN, { code: 'InvalidSignatureException', status: 403 }],
    ['ahead', -TEN_MIN, { code: 'InvalidSignatureException', status: 403 }],
    ['behind', TEN_MIN, { code: 'RequestTimeTooSkewed', status: 403 }],
    ['ahead', -TEN_MIN, { code: 'RequestTimeTooSkewed', status: 403 }],
    ['behind', TEN_MIN, { code: 'SignatureDoesNotMatch', status: 403 }],
  ] as const)('%s (%d ms): refused once a client by %o, then by the time of AWS', async (_, offsetMs, refusal) => {
    refused = [];
    await start(atClock(offsetMs, refusal));
    const startedMs = Date.now();
    const run = await collect();
    expect(gapsOf(run)).toEqual({});
    const byTheWay = refused.filter((name) => OPERATIONS.find((each) => each.operation === name)!.service === 'kafka');
    expect(byTheWay).toEqual(['DescribeClusterV2']);
    expect(refused.length).toBeLessThan(20);
    // Our own time stays our own: deadline and ages are counted by one clock.
    const cluster = run.snapshot!.sections.cluster!;
    expect(cluster.ok && Math.abs(cluster.asOfMs - startedMs)).toBeLessThan(DEADLINE_MS);
    expect(run.tookMs).toBeLessThan(20_000);
  });

  test.each(['InvalidSignatureException', 'RequestTimeTooSkewed', 'RequestInTheFuture'])(
    '%s from a server that does not say its time ends with a line that names the clock',
    async (code) => {
      await start(atClock(TEN_MIN, { code, status: 403 }, false));
      const { error } = await collect();
      expect(error).toMatchObject({
        code: 'refused-credentials',
        message: expect.stringContaining("this machine's clock"),
      });
    },
  );
});

describe('credentials', () => {
  const expired = (isExpired: (call: AnsweredCall) => boolean) =>
    Object.fromEntries(
      OPERATIONS.map(({ operation, answer }) => [
        operation,
        (call: AnsweredCall) => {
          if (isExpired(call)) throw new AwsError('ExpiredTokenException', `${BEHIND} expired`, 403);
          return typeof answer === 'function' ? answer(call) : answer;
        },
      ]),
    );

  test.each([1, 2, 4, 6])('that expire after %d calls leave what was read before', async (last) => {
    let count = 0;
    await start(
      expired(() => {
        count += 1;
        return count > last;
      }),
    );
    const run = await collect();
    const gaps = gapsOf(run);
    expect(run.snapshot?.sections.cluster?.ok).toBe(true);
    expect(new Set(Object.values(gaps))).toEqual(new Set(['not-permitted']));
    for (const name of Object.keys(gaps) as SectionName[])
      expect(section(run, name)).toMatchObject({ detail: expect.stringContaining('credentials have expired') });
  });

  test('that have expired before the run end it with the command that renews them', async () => {
    await start(expired(() => true));
    expect((await collect()).error).toMatchObject({ code: 'expired-credentials' });
  });

  test('of a role are renewed before they expire, once for all clients', async () => {
    let session = 0;
    const keyOf = ({ headers }: AnsweredCall) => /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1];
    const AssumeRole = () => {
      session += 1;
      // Five minutes before the end the SDK takes a session for spent.
      const lifeMs = session === 1 ? 310_000 : 3_600_000;
      return {
        xml: stsXml('AssumeRole', credentialsXml(`00000000000${session}`, new Date(Date.now() + lifeMs).toISOString())),
      };
    };
    const slowCluster = OPERATIONS.map(({ operation, answer }): [string, Answer] => [
      operation,
      async (call: AnsweredCall) => {
        if (operation === 'DescribeClusterV2') await new Promise((resolve) => setTimeout(resolve, 12_000));
        else if (keyOf(call) !== 'ASIA000000000002') throw new AwsError('ExpiredTokenException', 'expired', 403);
        return typeof answer === 'function' ? answer(call) : answer;
      },
    ]);
    await start(Object.fromEntries(slowCluster), { AssumeRole });
    expect(gapsOf(await collect({ roleArn: ROLE }))).toEqual({});
    expect(calls('AssumeRole')).toBe(2);
  });

  test('of a role that may not be assumed end the run with the permission that is missing', async () => {
    await start({}, { AssumeRole: new AwsError('AccessDenied', `${BEHIND} is not authorized`, 403) });
    const { error } = await collect({ roleArn: ROLE });
    expect(error).toMatchObject({ code: 'not-permitted' });
    expect(error?.message).toMatch(new RegExp(`^The role ${ROLE} cannot be assumed .*allow sts:AssumeRole on it`));
    expect(front.requests.map(({ operation }) => operation)).toEqual(['AssumeRole']);
  });

  test('that a region does not know end the run with how to see whether it is enabled', async () => {
    const unknown = new AwsError('UnrecognizedClientException', 'The security token included is invalid', 403);
    await start(Object.fromEntries(OPERATIONS.map(({ operation }) => [operation, unknown])));
    const { error } = await collect();
    expect(error).toMatchObject({ code: 'refused-credentials' });
    expect(error?.message).toContain(`get-region-opt-status --region-name ${REGION}`);
  });

  test('of another account end the run and name no one', async () => {
    await start({
      DescribeClusterV2: new AwsError('AccessDeniedException', BEHIND.replace('999988887777', '000011112222'), 403),
    });
    const { error } = await collect();
    expect(error).toMatchObject({ code: 'wrong-account' });
  });
});
