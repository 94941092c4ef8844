/** Signals of the operating system during a run. */

import { say } from '../console.ts';

export interface SignalHandlers {
  /** SIGINT, or a second SIGTERM. */
  readonly onInterrupt: () => void;
  /** The first SIGTERM: the program is asked, not forced. */
  readonly onTerminate: () => void;
}

/** Listens until the result is called. A second SIGINT kills, as if nobody had listened. */
export function heedSignals({ onInterrupt, onTerminate }: SignalHandlers): () => void {
  let asked = false;
  const interrupt = () => {
    process.off('SIGINT', interrupt);
    say('dvm: cancelling; once more to kill');
    onInterrupt();
  };
  const terminate = () => {
    if (asked) {
      onInterrupt();
      return;
    }
    asked = true;
    say('dvm: the program is asked to shut down; once more to cancel it');
    onTerminate();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', terminate);
  return () => process.off('SIGINT', interrupt).off('SIGTERM', terminate);
}
