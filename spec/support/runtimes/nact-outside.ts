/**
 * The outside of a cluster on nact: the simulator's devices and compartments, and a client. They are actors of nact as
 * well, so that it is chosen when they come to read their mailboxes.
 */

import { SimulatedCompartment } from '../../../sim/compartments.ts';
import type { Device } from '../../../sim/devices.ts';
import { type Address, addressOf } from '../../../src/actors/address.ts';
import type { MachineConfig, MemoryMap } from '../../../src/actors/config.ts';
import type { Message } from '../../../src/actors/node/host.ts';
import { type NactActor, NactSystem } from '../../../src/actors/node/nact-actor.ts';
import type { ToClient, ToCompartment, ToDevice } from '../../../src/actors/protocol.ts';

export interface OutsideOptions {
  readonly config: MachineConfig;
  readonly map: MemoryMap;
  /** By the I/O actor's id. */
  readonly devices: readonly Device[];
  /** Whether the compartment dies under the attempt that it reads. */
  readonly kills: () => boolean;
  /** Sees every message as nact hands it over. */
  readonly onDelivery: (to: Address, message: Message) => void;
  readonly toClient: (message: ToClient) => void;
  /** Sends what the outside answers. */
  readonly send: (to: Address, message: Message) => void;
  readonly onBroken: (error: unknown) => void;
}

/** Who lives in an actor of the outside. */
interface Resident {
  readonly at: Address;
  readonly hear: (message: Message) => void;
}

export class NactOutside {
  readonly #options: OutsideOptions;
  readonly #system = new NactSystem();
  readonly #nursery = this.#system.nursery('outside');
  readonly #actors = new Map<string, NactActor<Resident, Message>>();
  readonly #life = {
    receive: ({ at, hear }: Resident, message: Message) => {
      this.#options.onDelivery(at, message);
      hear(message);
    },
    crashed: (_: Resident, error: unknown) => this.#options.onBroken(error),
  };

  constructor(options: OutsideOptions) {
    this.#options = options;
  }

  send(to: Address, message: Message): void {
    const name = nactNameOf(to);
    const known = this.#actors.get(name);
    if (known !== undefined) {
      known.send(message);
      return;
    }
    const made = this.#nursery.spawn(name, { at: to, hear: this.#ears(to) }, this.#life);
    this.#actors.set(name, made);
    made.send(message);
  }

  /** It dies with all that it has and all that waits for it; the next message finds a fresh one. */
  kill(address: Address): void {
    const name = nactNameOf(address);
    this.#actors.get(name)?.stop();
    this.#actors.delete(name);
  }

  close(): void {
    this.#system.stop();
  }

  #ears({ kind, id }: Address): Resident['hear'] {
    const { config, map, devices, kills, toClient, send } = this.#options;
    if (kind === 'client') return (message) => toClient(message as ToClient);
    if (kind === 'device')
      return (message) => {
        const answers = devices[Number(id)]!.receive(message as ToDevice);
        for (const answer of answers) send(addressOf('io', id), answer);
      };
    const compartment = new SimulatedCompartment(config, map);
    return (message) => {
      const answers = compartment.receive(message as ToCompartment, message.type === 'execute' && kills());
      for (const answer of answers) send(addressOf('rcomp', id), answer);
    };
  }
}

/** nact wants names that can stand in a URL. */
function nactNameOf({ kind, id }: Address): string {
  return `${kind}-${id}`;
}
