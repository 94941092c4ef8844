/** Waiting for whoever ends a node: its DVM, or a signal. */

/**
 * Says which it was: fulfilled when `over` is, or when a signal asks for the end. With `leave`, the first signal calls that, and only `over`
 * or another signal ends the waiting.
 */
export async function untilAsked(
  over: Promise<void>,
  leave: (() => void) | null = null,
): Promise<'over' | 'asked'> {
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
  const why = await Promise.race([over.then(() => 'over' as const), signalled.then(() => 'asked' as const)]);
  process.off('SIGINT', heed).off('SIGTERM', heed);
  return why;
}
