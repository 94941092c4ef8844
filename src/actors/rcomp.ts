/**
 * A runner compartment: holds at most one runner, executes it in slices, stages what it wrote at the page homes and
 * hands its end to the agent. Each slice is a message, so that runners overlap and can be dropped.
 *
 * **Invariant:** nothing of an attempt outlives it here; the next one starts from an empty compartment (I17).
 */

import { type Cpu, type Exit, interpret } from '../isa/interpreter.ts';
import { byHome } from '../memory/directory.ts';
import { type PagePatch, spansOf } from '../memory/patch.ts';
import { end, type Range } from '../memory/ranges.ts';
import { type Address, addressOf } from './address.ts';
import { type Effect, type Step, send, trace } from './behaviour.ts';
import { Compartment } from './compartment.ts';
import type { MachineConfig } from './config.ts';
import { type AttemptId, sameAttempt } from './control-block.ts';
import type { Init } from './init.ts';
import type { AttemptEnd, ToRComp } from './protocol.ts';
import { type Terrain, terrainOf } from './terrain.ts';

/** Pages asked for ahead of the missing one, within the range that it lies in. */
const FETCH_AHEAD = 7;

export interface RCompState {
  readonly id: number;
  readonly self: Address<'rcomp'>;
  readonly agent: Address<'agent'>;
  readonly config: MachineConfig;
  readonly terrain: Terrain;
  /** The newest start that was heeded. */
  sequence: number;
  incumbent: Incumbent | null;
}

/** The runner that the compartment holds. */
interface Incumbent {
  readonly attempt: AttemptId;
  readonly memory: Compartment;
  readonly cpu: Cpu;
  phase: 'executing' | 'waiting' | 'staging';
  /** What it has staged or is staging. */
  patches: readonly PagePatch[];
  /** Homes that have not yet answered `stage`. */
  readonly unstaged: Set<number>;
  /** Its end, once it is known and only the homes' answers are missing. */
  end: AttemptEnd | null;
}

export function createRComp(init: Extract<Init, { kind: 'rcomp' }>): Step<RCompState> {
  return [
    {
      id: init.id,
      self: addressOf('rcomp', init.id),
      agent: addressOf('agent', init.agent),
      config: init.config,
      terrain: terrainOf(init.map),
      sequence: 0,
      incumbent: null,
    },
  ];
}

export function receiveAsRComp(state: RCompState, message: ToRComp): Step<RCompState> {
  if (message.type === 'start') return start(state, message);
  const { incumbent } = state;
  // Whatever concerns an attempt that is no longer here came late: its end is known to the agent.
  if (incumbent === null || !sameAttempt(incumbent.attempt, message.attempt)) return [state];
  switch (message.type) {
    case 'pages':
      incumbent.memory.provide(message.pages);
      return incumbent.phase === 'waiting' ? execute(state, incumbent) : [state];
    case 'slice':
      return incumbent.phase === 'executing' ? execute(state, incumbent) : [state];
    case 'staged':
      return staged(state, incumbent, message.home);
    case 'too-old':
      return finish(state, incumbent, { type: 'snapshot-too-old', sv: incumbent.memory.sv });
    case 'stop':
      return stop(state, incumbent);
  }
}

function start(state: RCompState, message: Extract<ToRComp, { type: 'start' }>): Step<RCompState> {
  // An incumbent that is still here was given up by the agent (it took the compartment for dead): its word counts.
  if (message.sequence <= state.sequence) return [state];
  state.sequence = message.sequence;
  const memory = new Compartment(state.config, state.terrain, message.control, message.sv);
  memory.provide(message.pages);
  const incumbent: Incumbent = {
    attempt: message.attempt,
    memory,
    cpu: { pc: message.control.fi, executed: 0 },
    phase: 'executing',
    patches: [],
    unstaged: new Set(),
    end: null,
  };
  state.incumbent = incumbent;
  return execute(state, incumbent);
}

/** One slice. */
function execute(state: RCompState, incumbent: Incumbent): Step<RCompState> {
  const { attempt, memory, cpu } = incumbent;
  const stop = interpret(cpu, memory, state.config.slice, state.config.fuel);
  switch (stop.kind) {
    case 'budget':
      incumbent.phase = 'executing';
      return [state, send(state.self, { type: 'slice', attempt })];
    case 'paused':
      incumbent.phase = 'waiting';
      return [
        state,
        send(state.agent, { type: 'need', rcomp: state.id, attempt, pages: ahead(state, memory) }),
      ];
    case 'fault':
      return finish(state, incumbent, {
        type: 'fault',
        sv: memory.sv,
        fault: stop.fault,
        executed: cpu.executed,
      });
    case 'exit':
      return stop.commit
        ? stage(state, incumbent, stop)
        : finish(state, incumbent, {
            type: 'abort',
            sv: memory.sv,
            detach: stop.detach,
            executed: cpu.executed,
          });
  }
}

/** First half of a commit: the homes hold what the attempt wrote before anyone is asked to decide. */
function stage(state: RCompState, incumbent: Incumbent, exit: Exit): Step<RCompState> {
  const { attempt, memory, cpu } = incumbent;
  const patches = memory.writes.patches(memory.control.heap);
  incumbent.patches = patches;
  const parts = byHome(patches, state.config.homes);
  const commit: AttemptEnd = {
    type: 'commit',
    sv: memory.sv,
    spans: spansOf(patches),
    reads: memory.validatedReads(),
    children: memory.newborns(),
    output: memory.output,
    homes: [...parts.keys()],
    detach: exit.detach,
    executed: cpu.executed,
  };
  if (parts.size === 0) return finish(state, incumbent, commit);
  incumbent.phase = 'staging';
  incumbent.end = commit;
  for (const home of parts.keys()) incumbent.unstaged.add(home);
  const stages = [...parts].map(([home, homePatches]) =>
    send(addressOf('home', home), {
      type: 'stage',
      from: state.self,
      attempt,
      sv: memory.sv,
      patches: homePatches,
    }),
  );
  return [state, ...stages];
}

function staged(state: RCompState, incumbent: Incumbent, home: number): Step<RCompState> {
  incumbent.unstaged.delete(home);
  if (incumbent.end === null || incumbent.unstaged.size > 0) return [state];
  return finish(state, incumbent, incumbent.end);
}

/** What it has staged would be held until the floor passes it: nobody else knows of it. */
function stop(state: RCompState, incumbent: Incumbent): Step<RCompState> {
  const { attempt, memory } = incumbent;
  const homes = byHome(incumbent.patches, state.config.homes).keys();
  const drops = [...homes].map((home) =>
    send(addressOf('home', home), { type: 'drop', epoch: attempt.epoch, attempt }),
  );
  const [, ...effects] = finish(state, incumbent, { type: 'lost', sv: memory.sv });
  return [state, ...drops, ...effects];
}

function finish(state: RCompState, incumbent: Incumbent, end: AttemptEnd): Step<RCompState> {
  const { attempt, memory } = incumbent;
  state.incumbent = null;
  const effects: Effect[] = [
    trace({
      type: 'attempt',
      attempt,
      control: memory.control,
      end,
      patches: incumbent.patches,
      loads: memory.loads,
    }),
    send(state.agent, { type: 'ended', rcomp: state.id, attempt, end }),
  ];
  return [state, ...effects];
}

/** The missing pages, and those that a sequential reader will miss next. */
function ahead(state: RCompState, memory: Compartment): number[] {
  const { pageSize } = state.config;
  const pages = [...memory.missing];
  const last = pages[pages.length - 1]!;
  const range = rangeAt(memory, last * pageSize);
  if (range === null) return pages;
  const stop = Math.min(last + FETCH_AHEAD, Math.floor((end(range) - 1) / pageSize));
  for (let page = last + 1; page <= stop; page++) if (!memory.holds(page)) pages.push(page);
  return pages;
}

function rangeAt(memory: Compartment, address: number): Range | null {
  const holds = (range: Range) => range.base <= address && address < end(range);
  return memory.control.heap.find(holds) ?? memory.control.watched.find(holds) ?? null;
}
