import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { Writer } from '../bridge/kafka/buffers.ts';
import { BrokerConnection } from '../bridge/kafka/connection.ts';
import { waitUntil } from './readiness.ts';

const ALTER_USER_SCRAM_CREDENTIALS = 51;
const DESCRIBE_USER_SCRAM_CREDENTIALS = 50;
const SCRAM_SHA_512 = 2;
/** The least that Kafka takes. */
const ITERATIONS = 4096;

/** Gives users their SCRAM passwords, over the plaintext listener; resolves once every broker knows them. */
export async function addScramUsers(ports: number[], users: Readonly<Record<string, string>>): Promise<void> {
  const connections = await Promise.all(ports.map((port) => BrokerConnection.open(port)));
  try {
    await alter(connections[0]!, users);
    // All users come in one record of the metadata log: a broker that knows one knows them all.
    const someone = Object.keys(users)[0];
    const known = (connection: BrokerConnection): Promise<void> =>
      waitUntil('the SCRAM passwords', 10_000, async () => someone === undefined || knows(connection, someone));
    await Promise.all(connections.map(known));
  } finally {
    for (const connection of connections) connection.close();
  }
}

async function alter(connection: BrokerConnection, users: Readonly<Record<string, string>>): Promise<void> {
  const body = new Writer().emptyCompactArray().varint(Object.keys(users).length + 1);
  for (const [name, password] of Object.entries(users)) {
    const salt = randomBytes(16);
    const salted = pbkdf2Sync(password, salt, ITERATIONS, 64, 'sha512');
    body.compactBytes(Buffer.from(name)).int8(SCRAM_SHA_512).int32(ITERATIONS);
    body.compactBytes(salt).compactBytes(salted).noTags();
  }
  const answer = await connection.request(ALTER_USER_SCRAM_CREDENTIALS, 0, body.noTags().bytes(), true);
  answer.int32();
  answer.compactArray(() => {
    const name = answer.compactString();
    const error = answer.int16();
    const message = answer.compactString();
    answer.skipTags();
    if (error !== 0) throw new Error(`no SCRAM password for ${name}: ${message ?? error}`);
  });
}

async function knows(connection: BrokerConnection, user: string): Promise<boolean> {
  const body = new Writer().varint(2).compactBytes(Buffer.from(user)).noTags().noTags().bytes();
  const answer = await connection.request(DESCRIBE_USER_SCRAM_CREDENTIALS, 0, body, true);
  answer.int32();
  answer.int16();
  answer.compactString();
  const errors = answer.compactArray(() => {
    answer.compactString();
    const error = answer.int16();
    answer.compactString();
    answer.compactArray(() => [answer.int8(), answer.int32(), answer.skipTags()]);
    answer.skipTags();
    return error;
  });
  return errors.every((error) => error === 0);
}
