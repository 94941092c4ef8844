/** An input file: reads for the homes what they ask for, when they ask for it. */

import { invariant } from '../invariant.ts';
import { type Address, addressOf, nameOfAddress } from './address.ts';
import { type Step, send } from './behaviour.ts';
import type { MachineConfig, MappedFile } from './config.ts';
import { partOf } from './file-pages.ts';
import type { ToInputFile } from './protocol.ts';

export interface InputFileState {
  readonly kind: 'input-file';
  readonly id: number;
  readonly file: MappedFile;
  readonly config: MachineConfig;
  /** By offset in the file: who waits for the bytes there. Several replicas of a home may want the same page. */
  readonly waiting: Map<number, Asker[]>;
}

interface Asker {
  readonly from: Address<'home'>;
  readonly page: number;
}

export function createInputFile(id: number, file: MappedFile, config: MachineConfig): Step<InputFileState> {
  return [{ kind: 'input-file', id, file, config, waiting: new Map() }];
}

export function receiveAsInputFile(state: InputFileState, message: ToInputFile): Step<InputFileState> {
  switch (message.type) {
    case 'read': {
      const part = partOf(state.file, message.page, state.config.pageSize);
      invariant(part.length > 0, 'a home asks a file only for pages that the file has bytes in');
      const offset = part.base - state.file.base;
      const { from, page } = message;
      const others = state.waiting.get(offset);
      if (others !== undefined) {
        if (!others.some((other) => nameOfAddress(other.from) === nameOfAddress(from)))
          others.push({ from, page });
        return [state];
      }
      state.waiting.set(offset, [{ from, page }]);
      return [
        state,
        send(addressOf('device', state.id), { type: 'device-read', offset, length: part.length }),
      ];
    }
    case 'device-bytes': {
      const askers = state.waiting.get(message.offset) ?? [];
      state.waiting.delete(message.offset);
      const { bytes } = message;
      return [
        state,
        ...askers.map(({ from, page }) => send(from, { type: 'bytes', io: state.id, page, bytes })),
      ];
    }
    case 'device-failed':
      return [state, send(addressOf('master'), { type: 'io-failed', io: state.id, error: message.error })];
  }
}
