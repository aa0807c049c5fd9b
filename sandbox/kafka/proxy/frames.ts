/** One whole message of the Kafka protocol, its length in front included, in the pieces it came in. */
export interface Frame {
  pieces: readonly Buffer[];
  bytes: number;
}

/** Cuts a stream of bytes into Kafka's length-prefixed messages without copying them. */
export class FrameSplitter {
  #pieces: Buffer[] = [];
  #held = 0;
  /** Bytes of the message that is being gathered; null while its length itself is not whole. */
  #wanted: number | null = null;

  push(chunk: Buffer): Frame[] {
    const frames: Frame[] = [];
    let rest = chunk;
    for (;;) {
      this.#wanted ??= wholeLength([...this.#pieces, rest]);
      if (this.#wanted === null || this.#held + rest.length < this.#wanted) break;
      const tail = rest.subarray(0, this.#wanted - this.#held);
      frames.push({ pieces: [...this.#pieces, tail], bytes: this.#wanted });
      rest = rest.subarray(tail.length);
      this.#pieces = [];
      this.#held = 0;
      this.#wanted = null;
    }
    if (rest.length > 0) {
      this.#pieces.push(rest);
      this.#held += rest.length;
    }
    return frames;
  }
}

function wholeLength(pieces: readonly Buffer[]): number | null {
  const length = firstBytes(pieces, 4);
  return length === null ? null : 4 + length.readUInt32BE(0);
}

/** The first bytes, copied only when they lie in several pieces; null when there are fewer. */
function firstBytes(pieces: readonly Buffer[], count: number): Buffer | null {
  const first = pieces[0];
  if (first !== undefined && first.length >= count) return first.subarray(0, count);
  const joined = Buffer.concat(pieces.slice(0, count));
  return joined.length >= count ? joined.subarray(0, count) : null;
}

export interface RequestHeader {
  apiKey: number;
  apiVersion: number;
  correlationId: number;
  clientId: string | null;
}

/** Every version of every request begins so. What is too short for it has the API key -1. */
export function requestHeaderOf({ pieces }: Frame): RequestHeader {
  const fixed = firstBytes(pieces, 14);
  if (fixed === null) return { apiKey: -1, apiVersion: -1, correlationId: -1, clientId: null };
  const clientIdBytes = fixed.readInt16BE(12);
  const clientId = clientIdBytes < 0 ? null : firstBytes(pieces, 14 + clientIdBytes);
  return {
    apiKey: fixed.readInt16BE(4),
    apiVersion: fixed.readInt16BE(6),
    correlationId: fixed.readInt32BE(8),
    clientId: clientId?.toString('utf8', 14) ?? null,
  };
}

export function correlationIdOf({ pieces }: Frame): number {
  return firstBytes(pieces, 8)?.readInt32BE(4) ?? -1;
}

/** A whole message, but of a body that ends half way: its length is right and its last fields are missing. */
export function cutShort({ pieces }: Frame): Frame {
  const whole = Buffer.concat(pieces);
  const half = Buffer.from(whole.subarray(0, Math.max(8, 4 + Math.floor((whole.length - 4) / 2))));
  half.writeUInt32BE(half.length - 4, 0);
  return { pieces: [half], bytes: half.length };
}
