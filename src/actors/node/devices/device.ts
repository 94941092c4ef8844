/** The outside of an I/O actor; what the actor and its device say to each other is part of the protocol. */

import type { ToDevice, ToIo } from '../../protocol.ts';

export interface Device {
  receive(message: ToDevice): void;
  /** Lets go of everything it holds of the outside. It answers nothing afterwards. */
  close(): Promise<void>;
}

/** How a device speaks to its I/O actor. */
export type Reply = (message: ToIo) => void;
