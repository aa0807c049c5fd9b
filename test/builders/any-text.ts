import fc from 'fast-check';

/** Any code point but half a surrogate pair. What fast-check's own unit `binary` gives takes it 0.8 s to prepare in each file. */
const codePoint = fc
  .integer({ min: 0, max: 0x10f7ff })
  .map((nth) => String.fromCodePoint(nth < 0xd800 ? nth : nth + 0x800));

/** Strings of whatever Unicode has: control characters, combining ones, the unassigned. Lengths are in code points. */
export function anyText(length: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.string({ unit: codePoint, ...length });
}
