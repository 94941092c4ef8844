/**
 * Time and chance that are not simulated: whoever asks for them in a simulated run is told so, since the same seed would
 * not give the same run again.
 */

const GLOBALS = [
  'Date',
  'performance',
  'crypto',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
] as const;

/** Runs it with time and chance out of reach. Synchronous, as simulated runs are. */
export function withoutOutside<T>(run: () => T): T {
  const kept = GLOBALS.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  const { random } = Math;
  for (const name of GLOBALS)
    Object.defineProperty(globalThis, name, { configurable: true, get: () => refuse(name) });
  Math.random = () => refuse('Math.random');
  try {
    return run();
  } finally {
    Math.random = random;
    GLOBALS.forEach((name, i) => {
      if (kept[i] !== undefined) Object.defineProperty(globalThis, name, kept[i]);
    });
  }
}

function refuse(name: string): never {
  throw new Error(`${name} is not simulated: time and randomness arrive in messages`);
}
