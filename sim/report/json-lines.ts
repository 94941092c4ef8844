/**
 * A run for other programs: JSON lines.
 *
 * The first line is a header: `{"format":"dvm-run","version":1,"title",…,"actors":[{"name","node"},…]}`. Each further
 * line is a step, in the order of their happening, times in µs:
 *
 * - `{"step","type":"message","host","clock","event","from","to","sent","received","sentClock","text","repeated","relevant"}`:
 *   a message. `host` is its receiver, `clock` the receiver's vector clock once it has it, `sentClock` what the sender
 *   knew. A lost one has no `host` and no `clock`, and its `received` is null.
 * - `{"step","type":"event","host","clock","event","time","violation"}`: something that an actor did.
 * - `{"step","type":"fault","node","time","until","text"}`: on nobody's line, so without clock.
 *
 * A clock is an object from actor names to counts; actors of whom nothing is known are left out. Each line with a
 * `host` adds 1 to its own component, as ShiViz wants it; its parser reads the lines by
 *
 * ```text
 * "host":"(?<host>[^"]*)","clock":(?<clock>\{[^}]*\}),"event":"(?<event>[^"]*)"
 * ```
 */

import type { RecordedRun, Step } from './recorded-run.ts';
import { type Clocked, clocksOf, type VectorClock } from './vector-clock.ts';

/** All lines, each ended by a line feed. */
export function jsonLines(run: RecordedRun): string {
  const clocks = clocksOf(run);
  const lines = [headerOf(run), ...run.steps.map((step, i) => lineOf(run, i, step, clocks[i]!))];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function headerOf({ title, violation, replay, configuration, nodes, actors, steps }: RecordedRun): object {
  const knobs = Object.fromEntries(configuration);
  return {
    format: 'dvm-run',
    version: 1,
    title,
    violation,
    replay,
    configuration: knobs,
    nodes,
    actors,
    steps: steps.length,
  };
}

function lineOf(run: RecordedRun, number: number, step: Step, { sent, clock }: Clocked): object {
  const nameOf = (actor: number) => run.actors[actor]!.name;
  const named = (vector: VectorClock | null) => (vector === null ? {} : namedClock(run, vector));
  switch (step.type) {
    case 'fault':
      return { step: number, ...step };
    case 'event': {
      const { type, actor, text, time, violation } = step;
      return { step: number, type, host: nameOf(actor), clock: named(clock), event: text, time, violation };
    }
    case 'message': {
      const { type, from, to, name, received, text, repeated, relevant } = step;
      const place = clock === null ? {} : { host: nameOf(to), clock: named(clock) };
      return {
        step: number,
        type,
        ...place,
        event: name,
        from: nameOf(from),
        to: nameOf(to),
        sent: step.sent,
        received,
        sentClock: named(sent),
        text,
        repeated,
        relevant,
      };
    }
  }
}

function namedClock({ actors }: RecordedRun, clock: VectorClock): Record<string, number> {
  const known = clock.flatMap((count, actor) => (count > 0 ? [[actors[actor]!.name, count] as const] : []));
  return Object.fromEntries(known);
}
