/** The rows of a text diagram as lines, without their times. */

import { namesOf, type Row } from './diagram-rows.ts';
import { blank, drawArrow, put } from './lane-drawing.ts';
import type { Lanes } from './lanes.ts';
import { clipped, oneLine, widthOf, withThousands, wrapped } from './plain-text.ts';
import type { EventStep, MessageStep, RecordedRun } from './recorded-run.ts';

/** A row's lines: that of its lanes, then what goes across all of them. */
export function linesOf(row: Row, run: RecordedRun, lanes: Lanes, columns: number): string[] {
  return [...laneLines(row, run, lanes), ...banner(row, columns)];
}

/** How many these are, which depends on no lanes. */
export function heightOf(row: Row, columns: number): number {
  return (row.type === 'fault' ? 0 : 1) + banner(row, columns).length;
}

/** Faults and the violation need more words than a lane has room for. */
function banner(row: Row, columns: number): string[] {
  if (row.type === 'fault')
    return wrapped(row.step.text, columns - 8).map(
      (line) => `═══ ${line} ${'═'.repeat(columns - 5 - widthOf(line))}`,
    );
  if (row.type !== 'event' || !row.step.violation) return [];
  return wrapped(row.step.text, columns - 2).map((line, i) => (i === 0 ? `✗ ${line}` : `  ${line}`));
}

function laneLines(row: Row, run: RecordedRun, lanes: Lanes): string[] {
  switch (row.type) {
    case 'fault':
      return [];
    case 'event':
      return [eventLine(row.step, lanes)];
    case 'local':
      return [
        row.steps.length === 1
          ? messageLine(row.steps[0]!, false, run, lanes)
          : localLine(row.steps, run, lanes),
      ];
    case 'message':
      return [messageLine(row.step, row.overtaken, run, lanes)];
  }
}

function eventLine({ actor, text, violation }: EventStep, lanes: Lanes): string {
  if (violation) return marked([lanes.laneOf(actor)], '✗', 'violation', lanes);
  return marked([lanes.laneOf(actor)], '●', oneLine(text), lanes);
}

/** Several messages of one node: `○ start, slice ×3, ended`. */
function localLine(steps: readonly MessageStep[], run: RecordedRun, lanes: Lanes): string {
  const receivers = [...new Set(steps.map(({ to }) => to))];
  const heard = receivers.map((actor) => {
    const names = namesOf(steps.filter(({ to }) => to === actor));
    return receivers.length === 1 ? names : `${run.actors[actor]!.name}: ${names}`;
  });
  return marked([...new Set(receivers.map(lanes.laneOf))], '○', heard.join('; '), lanes);
}

function messageLine(step: MessageStep, overtaken: boolean, run: RecordedRun, lanes: Lanes): string {
  const [from, to] = [lanes.laneOf(step.from), lanes.laneOf(step.to)];
  const name = oneLine(step.name);
  if (from === to) {
    const ends =
      step.from === step.to ? [] : [`${run.actors[step.from]!.name} ▸ ${run.actors[step.to]!.name}`];
    return marked([to], step.received === null ? '✗' : '○', [name, ...ends].join('; '), lanes);
  }
  const cells = blank(lanes);
  const [start, end] = [lanes.lanes[from]!.column, lanes.lanes[to]!.column];
  const fits = drawArrow(cells, start, end, {
    label: name,
    line: step.repeated ? '╌' : '─',
    lost: step.received === null,
    gap: lanes.gap,
  });
  return withNote(cells, noteOf(step, overtaken, fits, run, lanes), lanes);
}

/** What the arrow does not say: its ends where a lane stands for several actors, its weather, its fields. */
function noteOf(
  step: MessageStep,
  overtaken: boolean,
  isNamed: boolean,
  run: RecordedRun,
  lanes: Lanes,
): string {
  const ends = `${run.actors[step.from]!.name} ▸ ${run.actors[step.to]!.name}`;
  return [
    isNamed ? '' : oneLine(step.name),
    lanes.areNodes ? ends : '',
    step.received === null ? 'lost' : '',
    step.repeated ? 'again' : '',
    overtaken || step.repeated ? `sent ${withThousands(step.sent)}` : '',
    oneLine(step.text),
  ]
    .filter((part) => part !== '')
    .join('; ');
}

/** A mark on lanes, and words: beside the mark if there is room before the next lane, else to the right of all. */
function marked(places: readonly number[], mark: string, words: string, lanes: Lanes): string {
  const cells = blank(lanes);
  for (const place of places) put(cells, lanes.lanes[place]!.column, mark);
  const isBeside =
    places.length === 1 && widthOf(words) <= lanes.gap - 3 && places[0] !== lanes.lanes.length - 1;
  if (isBeside) put(cells, lanes.lanes[places[0]!]!.column + 2, words);
  return withNote(cells, isBeside ? '' : words, lanes);
}

function withNote(cells: readonly string[], note: string, { rest }: Lanes): string {
  return cells.join('') + clipped(note, rest);
}
