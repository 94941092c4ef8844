/** Signals of the operating system during a run. */

import { say } from '../console.ts';

export interface SignalHandlers {
  /** SIGINT; or SIGTERM, once the program has had its time. */
  readonly onInterrupt: () => void;
  /** The first SIGTERM: the program is asked, not forced. */
  readonly onTerminate: () => void;
}

/** Milliseconds that a program has to end by itself: whoever sends one SIGTERM counts on it, most programs never look. */
const GRACE = 10_000;

/** Listens until the result is called. A second SIGINT kills, as if nobody had listened. */
export function heedSignals({ onInterrupt, onTerminate }: SignalHandlers): () => void {
  let grace: NodeJS.Timeout | null = null;
  const interrupt = () => {
    process.off('SIGINT', interrupt);
    say('dvm: cancelling; once more to kill');
    onInterrupt();
  };
  const terminate = () => {
    if (grace !== null) {
      onInterrupt();
      return;
    }
    say(`dvm: the program is asked to shut down; in ${GRACE / 1000} s, or once more, to cancel it`);
    grace = setTimeout(onInterrupt, GRACE);
    onTerminate();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', terminate);
  return () => {
    clearTimeout(grace ?? undefined);
    process.off('SIGINT', interrupt).off('SIGTERM', terminate);
  };
}
