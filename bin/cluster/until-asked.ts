/** Waiting for whoever ends a node: its DVM, or a signal. */

/**
 * Fulfilled when `over` is, or when a signal asks for the end. With `leave`, the first signal calls that, and only `over`
 * or another signal ends the waiting.
 */
export async function untilAsked(over: Promise<void>, leave: (() => void) | null = null): Promise<void> {
  let asked = () => {};
  const signalled = new Promise<void>((resolve) => {
    asked = resolve;
  });
  let isLeaving = false;
  const heed = () => {
    if (leave === null || isLeaving) asked();
    else leave();
    isLeaving = true;
  };
  process.on('SIGINT', heed).on('SIGTERM', heed);
  await Promise.race([over, signalled]);
  process.off('SIGINT', heed).off('SIGTERM', heed);
}
