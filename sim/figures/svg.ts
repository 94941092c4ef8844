/** What all figures are drawn with: a page with a title and a caption, light or dark as its reader likes it. */

const STYLE = `
text { font: 12px system-ui, sans-serif; fill: #333 }
.title { font-size: 16px; font-weight: 600 }
.caption { fill: #666 }
.end { text-anchor: end }
.middle { text-anchor: middle }
.grid { stroke: #ddd }
.bar, .dot0 { fill: #2f6fb3 }
.cut { fill: #b3472f }
.dot1 { fill: #c0712a }
.line0 { stroke: #2f6fb3; fill: none; stroke-width: 2 }
.line1 { stroke: #c0712a; fill: none; stroke-width: 2 }
.paper { fill: #fff }
@media (prefers-color-scheme: dark) {
  text { fill: #ddd }
  .caption { fill: #999 }
  .grid { stroke: #3a3f47 }
  .bar, .dot0 { fill: #6ea8e6 }
  .cut { fill: #e6806e }
  .dot1 { fill: #e6a96e }
  .line0 { stroke: #6ea8e6 }
  .line1 { stroke: #e6a96e }
  .paper { fill: #16191d }
}`;

export interface Page {
  readonly title: string;
  readonly caption: string;
  readonly width: number;
  readonly height: number;
}

/** Top of what a page shows, below its title and caption. */
export const TOP = 64;

export function page({ title, caption, width, height }: Page, marks: readonly string[]): string {
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    text(16, 26, title, 'title'),
    text(16, 46, caption, 'caption'),
    ...marks,
    '</svg>',
  ].join('\n')}\n`;
}

export function text(x: number, y: number, words: string, kind = ''): string {
  return `<text x="${tenths(x)}" y="${tenths(y)}" class="${kind}">${escaped(words)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="grid" x1="${tenths(x1)}" y1="${tenths(y1)}" x2="${tenths(x2)}" y2="${tenths(y2)}"/>`;
}

export function bar(x: number, y: number, width: number, height: number, kind: string): string {
  return `<rect class="${kind}" x="${tenths(x)}" y="${tenths(y)}" width="${tenths(width)}" height="${height}" rx="2"/>`;
}

/** Points in the order of x, joined. */
export function curve(points: readonly (readonly [number, number])[], index: number): string[] {
  const path = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${tenths(x)} ${tenths(y)}`).join('');
  return [
    `<path class="line${index}" d="${path}"/>`,
    ...points.map(([x, y]) => `<circle class="dot${index}" cx="${tenths(x)}" cy="${tenths(y)}" r="3.5"/>`),
  ];
}

function tenths(n: number): number {
  return Math.round(n * 10) / 10;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
