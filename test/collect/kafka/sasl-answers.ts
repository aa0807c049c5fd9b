// What brokers say during SASL, in the versions that kafkajs asks for.

/** SaslHandshake 1. */
export function handshake(errorCode: number, mechanisms: readonly string[]): Buffer {
  const parts = mechanisms.map((name) => Buffer.concat([Buffer.of(0, name.length), Buffer.from(name)]));
  const head = Buffer.alloc(6);
  head.writeInt16BE(errorCode);
  head.writeInt32BE(mechanisms.length, 2);
  return Buffer.concat([head, ...parts]);
}

/** SaslAuthenticate 1. `bytes` is what the mechanism itself says; a session of zero has no end. */
export function authenticated(
  errorCode: number,
  message: string | null = null,
  bytes = '',
  sessionLifetimeMs = 0,
): Buffer {
  const said =
    message === null ? Buffer.of(0xff, 0xff) : Buffer.concat([Buffer.of(0, message.length), Buffer.from(message)]);
  const head = Buffer.alloc(2);
  head.writeInt16BE(errorCode);
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  const lifetime = Buffer.alloc(8);
  lifetime.writeBigInt64BE(BigInt(sessionLifetimeMs));
  return Buffer.concat([head, said, length, Buffer.from(bytes), lifetime]);
}
