/** I/O actors: one a channel, file, stream, and one for the system words (paper, section 3.4). */

import type { Step } from './behaviour.ts';
import type { Init } from './init.ts';
import { createInputFile, type InputFileState, receiveAsInputFile } from './input-file.ts';
import { createOutput, type OutputState, receiveAsOutput } from './output.ts';
import type { ToInputFile, ToIo, ToOutput, ToSignals, ToStream } from './protocol.ts';
import { createSignals, receiveAsSignals, type SignalsState } from './signals.ts';
import { createStream, receiveAsStream, type StreamState } from './stream.ts';

export type IoState = OutputState | InputFileState | StreamState | SignalsState;

export function createIo(init: Extract<Init, { kind: 'io' }>): Step<IoState> {
  const { id, config, io } = init;
  switch (io.type) {
    case 'channel':
      return createOutput(id, 0);
    case 'out-file':
      return createOutput(id, io.file.base);
    case 'in-file':
      return createInputFile(id, io.file, config);
    case 'stream':
      return createStream(id, io.stream, config);
    case 'signals':
      return createSignals(id, config);
  }
}

/** Senders know which kind of I/O actor they speak to; the address does not say it. */
export function receiveAsIo(state: IoState, message: ToIo): Step<IoState> {
  switch (state.kind) {
    case 'output':
      return receiveAsOutput(state, message as ToOutput);
    case 'input-file':
      return receiveAsInputFile(state, message as ToInputFile);
    case 'stream':
      return receiveAsStream(state, message as ToStream);
    case 'signals':
      return receiveAsSignals(state, message as ToSignals);
  }
}
