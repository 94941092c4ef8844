/** An input file: reads for the homes what they ask for, when they ask for it. */

import { invariant } from '../invariant.ts';
import { type Address, addressOf } from './address.ts';
import { type Step, send } from './behaviour.ts';
import type { MachineConfig, MappedFile } from './config.ts';
import { partOf } from './file-pages.ts';
import type { ToInputFile } from './protocol.ts';

export interface InputFileState {
  readonly kind: 'input-file';
  readonly id: number;
  readonly file: MappedFile;
  readonly config: MachineConfig;
  /** Who waits for the bytes at which offset of the file. */
  readonly waiting: Map<number, { readonly from: Address<'home'>; readonly page: number }>;
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
      state.waiting.set(offset, { from: message.from, page: message.page });
      return [
        state,
        send(addressOf('device', state.id), { type: 'device-read', offset, length: part.length }),
      ];
    }
    case 'device-bytes': {
      const asker = state.waiting.get(message.offset);
      if (asker === undefined) return [state];
      state.waiting.delete(message.offset);
      return [
        state,
        send(asker.from, { type: 'bytes', io: state.id, page: asker.page, bytes: message.bytes }),
      ];
    }
    case 'device-failed':
      return [state, send(addressOf('master'), { type: 'io-failed', io: state.id, error: message.error })];
  }
}
