/** A failed run as one screen of a terminal: what was violated, under which knobs, how it came about, how to see it again. */

import { oneLine, widthOf, wrapped } from './plain-text.ts';
import type { RecordedRun } from './recorded-run.ts';
import { type TextSize, textDiagram } from './text-diagram.ts';

/** The screen; its last line is the command that replays the run, whole however long it is. */
export function failureScreen(run: RecordedRun, { columns, lines }: TextSize): string {
  const above = [...indented(run.title, columns), ...indented(violationOf(run), columns, '  ')];
  const knobs = configurationLines(run, columns);
  const room = lines - above.length - knobs.length - BETWEEN;
  const diagram = textDiagram(run, { columns, lines: Math.max(LEAST_DIAGRAM, room) });
  return [...above, '', ...knobs, '', diagram, '', 'replay with:', run.replay, ''].join('\n');
}

/** Empty lines, and the two of the replay. */
const BETWEEN = 5;
/** The diagram does not get less: rather a screen that is too long than one that shows nothing. */
const LEAST_DIAGRAM = 12;

function violationOf({ violation }: RecordedRun): string {
  return violation ?? 'nothing was violated';
}

/** `page size 64 · homes 3 · …`, broken between knobs. */
function configurationLines({ configuration, nodes, actors }: RecordedRun, columns: number): string[] {
  const knobs = [['nodes', String(nodes)], ['actors', String(actors.length)], ...configuration];
  const lines = [''];
  for (const [name, value] of knobs) {
    const knob = oneLine(`${name} ${value}`);
    const line = lines.at(-1)!;
    const longer = line === '' ? knob : `${line} · ${knob}`;
    if (widthOf(longer) + 2 <= columns || line === '') lines[lines.length - 1] = longer;
    else lines.push(knob);
  }
  return lines.flatMap((line) => indented(line, columns, '  '));
}

function indented(text: string, columns: number, indent = ''): string[] {
  return wrapped(text, columns - indent.length).map((line) => indent + line);
}
