// Where JSON breaks off. V8 says it by quoting the text around, which may hold a secret, and not always by a position.

const STRING = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const WORD = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

type State = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'next-or-end';

/** Offset of the first character that no JSON can have there; the length of the text where it only ends too early. */
export function jsonErrorAt(text: string): number {
  const open: string[] = [];
  let state: State = 'value';
  let at = 0;
  const matches = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  for (;;) {
    matches(/[ \t\r\n]+/y);
    const one = text[at];
    if (one === undefined) return text.length;
    if (state.endsWith('-end') && one === open.at(-1)) {
      open.pop();
      at += 1;
      state = 'next-or-end';
    } else if (state === 'next-or-end') {
      if (one !== ',' || open.length === 0) return at;
      at += 1;
      state = open.at(-1) === '}' ? 'key' : 'value';
    } else if (state === 'colon') {
      if (one !== ':') return at;
      at += 1;
      state = 'value';
    } else if (state.startsWith('key')) {
      if (!matches(STRING)) return at;
      state = 'colon';
    } else if (one === '{' || one === '[') {
      open.push(one === '{' ? '}' : ']');
      at += 1;
      state = one === '{' ? 'key-or-end' : 'value-or-end';
    } else if (matches(STRING) || matches(WORD)) state = 'next-or-end';
    else return at;
  }
}
