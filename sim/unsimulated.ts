/**
 * Time and chance that are not simulated: whoever asks for them in a simulated run is told so, since the same seed would
 * not give the same run again.
 */

const OUTSIDE: readonly (readonly [of: object, name: string, called: string])[] = [
  ...[
    'Date',
    'performance',
    'crypto',
    'setTimeout',
    'setInterval',
    'setImmediate',
    'queueMicrotask',
    'fetch',
  ].map((name) => [globalThis, name, name] as const),
  [Math, 'random', 'Math.random'],
  [process, 'hrtime', 'process.hrtime'],
  [process, 'nextTick', 'process.nextTick'],
];

/** Runs it with time and chance out of reach. Synchronous, as simulated runs are. */
export function withoutOutside<T>(run: () => T): T {
  const kept = OUTSIDE.map(([of, name]) => Object.getOwnPropertyDescriptor(of, name));
  for (const [of, name, called] of OUTSIDE)
    Object.defineProperty(of, name, { configurable: true, get: () => refuse(called) });
  try {
    return run();
  } finally {
    OUTSIDE.forEach(([of, name], i) => {
      if (kept[i] === undefined) Reflect.deleteProperty(of, name);
      else Object.defineProperty(of, name, kept[i]);
    });
  }
}

function refuse(name: string): never {
  throw new Error(`${name} is not simulated: time and randomness arrive in messages`);
}
