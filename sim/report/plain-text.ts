/** Text for terminals: every character one column. */

/** Without anything that would move the cursor: control characters and line ends become spaces. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** One line of at most `columns` characters; what does not fit ends in `…`. */
export function clipped(text: string, columns: number): string {
  const characters = Array.from(oneLine(text));
  if (characters.length <= columns) return characters.join('');
  return columns < 1 ? '' : `${characters.slice(0, columns - 1).join('')}…`;
}

/** Lines of at most `columns` characters, broken between words where that is possible. At least one line. */
export function wrapped(text: string, columns: number): string[] {
  const lines = [''];
  for (const word of oneLine(text).split(' ')) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = word;
    else if (widthOf(line) + 1 + widthOf(word) <= columns) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.flatMap((line) => chopped(line, columns));
}

export function widthOf(text: string): number {
  return Array.from(text).length;
}

/** `3,400` */
export function withThousands(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

function chopped(line: string, columns: number): string[] {
  const characters = Array.from(line);
  const count = Math.max(1, Math.ceil(characters.length / columns));
  return Array.from({ length: count }, (_, i) => characters.slice(i * columns, (i + 1) * columns).join(''));
}
