// Lines of plain text for mail and terminal.

/** The text broken at spaces into lines of at most `width`; a longer word stays whole, so that it can still be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

/** At most `length` characters, the cut made visible. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const head = text.slice(0, Math.max(0, length - 3)).replace(/[\ud800-\udbff]$/, '');
  return `${head}...`;
}
