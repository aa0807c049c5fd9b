import * as v from 'valibot';
import { afterEach, expect, test, vi } from 'vitest';
import { createConnectorReader, readConnectors } from '../../../lib/collect/account/connectors.ts';
import { connectorsSchema } from '../../../lib/snapshot/account-sections.ts';
import type { Answer, AwsFront } from '../aws-front.ts';
import { ACCESS, accountFront, BOOTSTRAP, CONNECTOR, collected, omissions, SIGNAL } from './an-account.ts';

let front: AwsFront;

async function connectorsFrom(answer: Answer, bootstrap: Record<string, string> = BOOTSTRAP) {
  front = await accountFront({ kafkaconnect: { ListConnectors: answer } });
  return (await collected({ bootstrap })).connectors;
}

function on(bootstrapServers: string, changed: object = {}) {
  return { ...CONNECTOR, ...changed, kafkaCluster: { apacheKafkaCluster: { bootstrapServers } } };
}

afterEach(async () => {
  vi.unstubAllEnvs();
  await front.close();
});

test('capacity, state and group of a connector, and nothing else of it', async () => {
  const section = await connectorsFrom(({ url }) => {
    expect(url.pathname).toBe('/v1/connectors');
    expect(url.searchParams.get('maxResults')).toBe('100');
    return { connectors: [CONNECTOR] };
  });
  expect(section.ok && section.value).toEqual([
    {
      name: 'to-lake',
      state: 'RUNNING',
      mcusPerWorker: 2,
      minWorkers: 1,
      maxWorkers: 4,
      isAutoScaled: true,
      sinkGroup: 'connect-to-lake',
    },
  ]);
  const asked = front.requests.filter(({ service }) => service === 'kafkaconnect');
  expect(asked.map(({ operation }) => operation)).toEqual(['ListConnectors']);
});

test.each([
  ['fixed capacity', { provisionedCapacity: { mcuCount: 8, workerCount: 3 } }, [8, 3, 3, false]],
  ['no capacity', {}, [null, null, null, null]],
])('%s', async (_, capacity, expected) => {
  const section = await connectorsFrom({ connectors: [{ ...CONNECTOR, capacity }] });
  const [{ mcusPerWorker, minWorkers, maxWorkers, isAutoScaled } = {} as never] = section.ok ? section.value : [];
  expect([mcusPerWorker, minWorkers, maxWorkers, isAutoScaled]).toEqual(expected);
});

const DOMAIN = 'orders.abc123.c3.kafka.eu-west-1.amazonaws.com';

test.each([
  ['another broker of the cluster, on another port', `b-7.${DOMAIN}:9096`, true],
  ['its public name', `b-1-public.${DOMAIN}:9198`, true],
  ['in capitals and with spaces', ` B-1.${DOMAIN.toUpperCase()}:9098 , b-2.${DOMAIN}:9098`, true],
  ['a cluster of the same name that was made anew', 'b-1.orders.zzz999.c3.kafka.eu-west-1.amazonaws.com:9098', false],
  ['a cluster whose name ends alike', `b-1.my-${DOMAIN}:9098`, false],
  ['the domain alone', DOMAIN, false],
  ['nothing', '', false],
])('a connector on %s', async (_, servers, isMeant) => {
  const section = await connectorsFrom({ connectors: [on(servers)] });
  expect(section.ok && section.value).toHaveLength(isMeant ? 1 : 0);
});

test('serverless clusters of a region share their domain: host and port must be the same', async () => {
  const own = 'boot-aaaa.c1.kafka-serverless.eu-west-1.amazonaws.com:9098';
  const other = 'boot-bbbb.c1.kafka-serverless.eu-west-1.amazonaws.com:9098';
  const connectors = [on(own, { connectorName: 'mine' }), on(other, { connectorName: 'theirs' })];
  const section = await connectorsFrom({ connectors }, { saslIam: own });
  expect(section.ok && section.value.map(({ name }) => name)).toEqual(['mine']);
});

test('a cluster without an address yet has no connectors that could be told', async () => {
  const section = await connectorsFrom({ connectors: [CONNECTOR] }, {});
  expect(section).toMatchObject({ ok: false, reason: 'not-enabled' });
  expect(front.requests.filter(({ service }) => service === 'kafkaconnect')).toEqual([]);
});

test('whatever field is left out, connectors are read and fit their schema', async () => {
  let connectors: object[] = [];
  front = await accountFront({ kafkaconnect: { ListConnectors: () => ({ connectors }) } });
  const reader = await createConnectorReader(ACCESS);
  const seen = new Set<string>();
  for (const { path, without } of omissions<object>(CONNECTOR)) {
    connectors = [without];
    const { value } = await readConnectors(reader, BOOTSTRAP, SIGNAL);
    expect(v.is(connectorsSchema, value), path).toBe(true);
    seen.add(JSON.stringify(value));
  }
  // As it is; no name, state, capacity, automatic part, three numbers; not of this cluster.
  expect(seen.size).toBe(9);
});

test('a connector that does not say where it is makes the list partial', async () => {
  const { kafkaCluster: _, ...lost } = CONNECTOR;
  const section = await connectorsFrom({ connectors: [lost, CONNECTOR] });
  expect(section).toMatchObject({ ok: true, partial: '1 connectors came without the cluster they are on' });
  expect(section.ok && section.value).toHaveLength(1);
});

test('an unknown state stays as it comes; no connectors is no gap, an answer without the list is one', async () => {
  const section = await connectorsFrom({ connectors: [{ ...CONNECTOR, connectorState: 'PAUSED' }] });
  expect(section).toMatchObject({ ok: true, value: [{ state: 'PAUSED' }] });
  await front.close();
  expect(await connectorsFrom({ connectors: [] })).toMatchObject({ ok: true, value: [] });
  await front.close();
  expect(await connectorsFrom({})).toMatchObject({ ok: false, reason: 'failed' });
});

test.each([
  ['goes on', (index: number) => (index === 0 ? 'n' : undefined), 2, false],
  ['repeats its token', () => 'again', 2, true],
  ['never ends', (index: number) => `page ${index}`, 10, true],
])('a list that %s', async (_, token, calls, isCut) => {
  const section = await connectorsFrom(({ index }) => ({ connectors: [CONNECTOR], nextToken: token(index) }));
  expect(section.ok && section.value).toHaveLength(calls);
  expect(section.ok && section.partial).toBe(
    isCut ? `only the first ${calls} connectors of the region were looked at` : undefined,
  );
});
