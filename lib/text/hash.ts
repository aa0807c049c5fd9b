// A short, stable fingerprint of a text: a pure function, so that it gives the same answer in a Lambda, a terminal and a browser.

/**
 * Up to twelve hex digits over two murmur-style 32-bit lanes with a final mix (the public-domain cyrb53 construction).
 * Not cryptographic: it tells names apart, it protects nothing.
 */
export function shortHash(text: string, length = 12): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  const hex = (lane: number) => (lane >>> 0).toString(16).padStart(8, '0');
  return (hex(low) + hex(high)).slice(0, Math.min(length, 12));
}
