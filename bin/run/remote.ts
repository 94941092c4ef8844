/** A program on a DVM of other processes, as `dvm run` and `dvm attach` follow it. */

import type { TraceState } from '../../src/actors/node/cluster/observation.ts';
import type { RemoteRun } from '../../src/actors/node/cluster/remote-run.ts';
import { say } from '../console.ts';
import type { Running } from './running.ts';

const UNTRACED: Readonly<Record<TraceState, string>> = {
  whole: '',
  dropped: 'too much of it waited while the connection was broken',
  none: 'the master has started anew, and that ended it',
};

/** `isOurs`: its results are let go once they are told; else they stay for whoever has brought it. */
export function remote(run: RemoteRun, isOurs: boolean): Running {
  // The connection may be gone, and the program with it: what follows the report says so.
  const ask = (what: string, asking: Promise<void>) =>
    void asking.catch((error: Error) => say(`dvm: cannot ${what}: ${error.message}`));
  run.onReached = (isReached) =>
    say(
      isReached
        ? 'dvm: note: the DVM is reached again'
        : 'dvm: note: the DVM is not reached; trying again for half a minute',
    );
  return {
    async report(signal) {
      const cancel = () => ask('cancel', run.cancel());
      if (signal.aborted) cancel();
      signal.addEventListener('abort', cancel);
      try {
        return await run.report();
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    },
    counted: () => run.counted,
    statistics: () => run.statistics,
    untraced: () => UNTRACED[run.traceState],
    shutDown: () => ask('ask it to shut down', run.shutDown()),
    readWords: (address, type, count) => run.readWords(address, type, count),
    close: () => (isOurs ? run.forget() : run.leave()),
  };
}
