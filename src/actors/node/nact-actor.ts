/**
 * A behaviour behind a mailbox of nact: the only file that knows nact.
 *
 * nact costs microseconds a message, one turn of the event loop among them. So what is sent to an actor before it comes
 * to read its mailbox travels as one batch, in the order of the sending.
 *
 * nact also copies the names of an actor's children at every message to it. So actors hang under a parent that hears
 * nothing (`Nursery`); a machine has 10,000 watchers, and their common parent must not be the master.
 */

import { type ActorProps, dispatch, type Ref, spawn, start, stop } from 'nact';
// @ts-expect-error: nact publishes no types of this file, the only one that tells which actors live
import systems from 'nact/lib/system-map.js';

/** A system of nact and everything that lives in it. */
export class NactSystem {
  readonly #ref = start();

  nursery(name: string): Nursery {
    return new Nursery(spawn(this.#ref, silent, name), this.#ref);
  }

  /** Stops every actor at once; what is in their mailboxes is dropped. */
  stop(): void {
    stop(this.#ref);
  }
}

/** The common parent of all actors of one kind. */
export class Nursery {
  readonly #ref: Ref<unknown>;
  readonly #system: Ref<unknown>;

  constructor(ref: Ref<unknown>, system: Ref<unknown>) {
    this.#ref = ref;
    this.#system = system;
  }

  /** Throws if one of this name lives. */
  spawn<R, M>(name: string, resident: R, life: Life<R, M>): NactActor<R, M> {
    return new NactActor(this.#ref, name, resident, life);
  }

  /** How many actors nact keeps here. */
  get population(): number {
    return (nactFind(this.#system, this.#ref)?.children.size as number | undefined) ?? 0;
  }
}

/** What actors do: one object for all of a host's, since a machine may have 100,000 watchers. */
export interface Life<R, M> {
  receive(resident: R, message: M): void;
  /** `receive` has thrown, and the actor has stopped. */
  crashed(resident: R, error: unknown): void;
}

/** One living actor, and who lives in it. */
export class NactActor<R, M> {
  readonly #ref: Ref<Batch<R, M>>;
  readonly #resident: R;
  readonly #life: Life<R, M>;
  #stopped = false;
  /** What has been dispatched and not yet read: still open to more. */
  #unread: Batch<R, M> | null = null;

  constructor(parent: Ref<unknown>, name: string, resident: R, life: Life<R, M>) {
    this.#resident = resident;
    this.#life = life;
    this.#ref = spawn(parent, readBatch, name, MORTAL) as Ref<Batch<R, M>>;
  }

  send(message: M): void {
    if (this.#stopped) return;
    if (this.#unread !== null) {
      this.#unread.messages.push(message);
      return;
    }
    this.#unread = { owner: this, messages: [message] };
    dispatch(this.#ref, this.#unread);
  }

  stop(): void {
    this.#stopped = true;
    stop(this.#ref);
  }

  /** @internal nact's own call */
  read(messages: readonly M[]): void {
    this.#unread = null;
    for (const message of messages) {
      if (this.#stopped) return;
      this.#life.receive(this.#resident, message);
    }
  }

  /** @internal nact's own call */
  crash(error: unknown): void {
    this.stop();
    this.#life.crashed(this.#resident, error);
  }
}

interface Batch<R, M> {
  readonly owner: NactActor<R, M>;
  readonly messages: M[];
}

type AnyBatch = Batch<never, never>;

function readBatch(_state: undefined, batch: AnyBatch): undefined {
  batch.owner.read(batch.messages);
}

/** Without this, nact prints what was thrown and goes on without the actor. */
const MORTAL: ActorProps<undefined, AnyBatch, Ref<unknown>> = {
  onCrash: (batch, error, context) => {
    batch?.owner.crash(error);
    return context.stop;
  },
};

function silent(): void {}

function nactFind(system: Ref<unknown>, ref: Ref<unknown>): { children: Map<string, unknown> } | undefined {
  return systems.find((system as unknown as { name: string }).name, ref);
}
