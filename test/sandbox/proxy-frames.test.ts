import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutShort, FrameSplitter, requestHeaderOf } from '../../sandbox/kafka/proxy/frames.ts';

function framed(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

test('however the bytes arrive, the frames are those that were sent', () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
  fc.assert(
    fc.property(bodies, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sent, sizes) => {
      const frames = sent.map((body) => framed(Buffer.from(body)));
      const stream = Buffer.concat(frames);
      const splitter = new FrameSplitter();
      const received: Buffer[] = [];
      for (let at = 0, turn = 0; at < stream.length; turn += 1) {
        const chunk = stream.subarray(at, at + sizes[turn % sizes.length]!);
        at += chunk.length;
        for (const { pieces, bytes } of splitter.push(chunk)) {
          const whole = Buffer.concat(pieces);
          expect(whole.length).toBe(bytes);
          received.push(whole);
        }
      }
      expect(received).toEqual(frames);
    }),
  );
});

test('a request too short for a header, or with a client id that ends too early, harms nothing', () => {
  const header = (hex: string) => {
    const bytes = framed(Buffer.from(hex, 'hex'));
    return requestHeaderOf({ pieces: [bytes], bytes: bytes.length });
  };
  expect(header('0012')).toEqual({ apiKey: -1, apiVersion: -1, correlationId: -1, clientId: null });
  expect(header('0012000300000007ffff')).toMatchObject({ apiKey: 18, apiVersion: 3, correlationId: 7, clientId: null });
  expect(header('00120003000000077fff61')).toMatchObject({ apiKey: 18, clientId: null });
  expect(header('0012000300000007000161')).toMatchObject({ apiKey: 18, clientId: 'a' });
});

test('a cut frame tells its own shorter length and keeps its correlation id', () => {
  const { pieces, bytes } = cutShort({ pieces: [framed(Buffer.from('000000070102030405060708', 'hex'))], bytes: 16 });
  const cut = Buffer.concat(pieces);
  expect(cut.toString('hex')).toBe('00000006000000070102');
  expect(bytes).toBe(cut.length);
});
