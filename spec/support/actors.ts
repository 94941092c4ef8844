/** One actor alone: messages in, data out. */

import { nameOfAddress } from '../../src/actors/address.ts';
import type { Behaviour, Effect, Step } from '../../src/actors/behaviour.ts';
import { DEFAULT_CONFIG, type MachineConfig, type MemoryMap } from '../../src/actors/config.ts';
import type { AttemptId, ControlBlock } from '../../src/actors/control-block.ts';
import type { ActorKind, MessageTo } from '../../src/actors/protocol.ts';
import type { TraceEvent } from '../../src/actors/trace-event.ts';

/** Small enough that page edges and homes are met. */
export const CONFIG: MachineConfig = { ...DEFAULT_CONFIG, pageSize: 64, homes: 2, rcomps: 2 };

export const EMPTY_MAP: MemoryMap = { assembled: [], loaded: [], files: [], outputs: [], streams: [] };

/** First address of the shared region, and first byte of a page whose home is 0. */
export const SR = CONFIG.regionBoundary;

/** A plain runner without ranges, and what is said of it. */
export function controlBlock(said: Partial<ControlBlock> = {}): ControlBlock {
  return {
    id: 0x1000n,
    parent: 0n,
    index: 0,
    fi: SR,
    stack: { base: 0, length: 0 },
    heap: [],
    watcher: false,
    watched: [],
    persistent: false,
    serializable: false,
    status: null,
    image: [],
    ...said,
  };
}

export function attemptOf(runner: bigint, number = 1, epoch = 1): AttemptId {
  return { runner, epoch, number };
}

/** A message that was sent, with the receiver's name: `{ to: 'home:1@0', type: 'stage', … }`. */
export type Letter = { readonly to: string } & MessageTo[ActorKind];

export function lettersIn(effects: readonly Effect[]): Letter[] {
  return effects.flatMap((effect) =>
    effect.type === 'send' ? [{ to: nameOfAddress(effect.to), ...effect.message } as Letter] : [],
  );
}

export function eventsIn(effects: readonly Effect[]): TraceEvent[] {
  return effects.flatMap((effect) => (effect.type === 'trace' ? [effect.event] : []));
}

/** An actor behind which a test stands as its host. */
export class Hosted<S, M> {
  readonly #receive: Behaviour<S, M>;
  state: S;
  /** The effects of its birth, then those of the latest message. */
  effects: readonly Effect[];

  constructor([state, ...effects]: Step<S>, receive: Behaviour<S, M>) {
    this.state = state;
    this.effects = effects;
    this.#receive = receive;
  }

  /** What the actor sends when it is told this. */
  tell(message: M): Letter[] {
    const [state, ...effects] = this.#receive(this.state, message);
    this.state = state;
    this.effects = effects;
    return lettersIn(effects);
  }
}
