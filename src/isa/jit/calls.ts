/** What translated code calls out for: accesses that no segment spares it, `newr`, first touches of private memory. */

import { invariant } from '../../invariant.ts';
import { loadAt, storeAt } from '../access.ts';
import { interpret } from '../interpreter.ts';
import { FaultTrap, PauseTrap } from '../port.ts';
import { CACHE, CONTROL } from './linear-layout.ts';
import type { LinearPort } from './linear-port.ts';
import type { Rules } from './rules.ts';
import { type Segments, without } from './segments.ts';
import type { Site, Unit } from './unit.ts';
import { CALL_RESULT } from './unit-builder.ts';
import { Wasm } from './web-assembly.ts';

/**
 * Gets the pages that the port's last pause waits for, and provides them, in the middle of translated code: which
 * stands still meanwhile, or is suspended (JSPI).
 */
export type FetchMissing =
  | { readonly suspends: false; fetch(port: LinearPort): void }
  | { readonly suspends: true; fetch(port: LinearPort): Promise<void> };

/** What calls need of the tier that made them. */
export interface CallWorld {
  readonly port: () => LinearPort;
  readonly rules: Rules;
  readonly segments: Segments;
  /** Null: nobody can, and whoever runs translated code hears of the pause. */
  readonly fetchMissing: FetchMissing | null;
  /** A pointer led to a private word that lives in a local. */
  readonly aliased: () => void;
  /** Called now and then, by code that calls out all the time as well. */
  readonly tick: () => void;
}

/** Calls out between two ticks: some microseconds each at the most. */
const CALLS_A_TICK = 1024;

/** What translated code is given where it calls out: at once, or by a promise while it is suspended. */
type Answer<T> = T | Promise<T>;

export interface UnitCalls {
  load(address: bigint, site: number): Answer<bigint>;
  store(address: bigint, site: number, bits: bigint): Answer<number>;
  newr(place: number): Answer<number>;
  touch(place: number): number;
  /** For code that has left instead of calling out: gives the site a segment around an address that has been accessed. */
  grant(site: number, address: bigint): void;
}

/** The imports of a unit whose segments lie at `cachesAt`. */
export function callsOf(unit: Unit, cachesAt: number, world: CallWorld): UnitCalls {
  const { port, rules, segments, fetchMissing, aliased, tick } = world;
  let made = 0;
  /** Sites in loops, which are left where there is no segment. */
  const leaving = unit.exits.flatMap((exit) => (exit.kind === 'miss' ? [unit.sites[exit.site]!] : []));
  /** Whether it may go on: false, and translated code leaves, where the interpreter has to say what happens. */
  const attempt = (work: () => void): Answer<boolean> => {
    made += 1;
    if (made % CALLS_A_TICK === 0) tick();
    for (;;) {
      try {
        work();
        return true;
      } catch (trap) {
        if (trap instanceof FaultTrap || (trap instanceof PauseTrap && fetchMissing === null)) return false;
        if (!(trap instanceof PauseTrap)) throw trap;
        if (fetchMissing!.suspends) return fetchMissing!.fetch(port()).then(() => attempt(work));
        fetchMissing!.fetch(port());
      }
    }
  };
  const isLocal = (site: Site, address: bigint): boolean => {
    const { locals } = unit.functions[site.function]!;
    if (locals.length === 0 || !rules.seesAliases || address >= port().layout.regionBoundary) return false;
    const at = Number(address);
    if (!locals.some((word) => word.address < at + site.size && at < word.address + word.bytes)) return false;
    aliased();
    return true;
  };
  const grant = (site: Site, address: bigint) => {
    if (site.cache === null) return;
    const segment = port().segment(Number(address), site.access);
    const { locals } = unit.functions[site.function]!;
    const kept = segment === null || !rules.seesAliases ? segment : without(segment, Number(address), locals);
    segments.put(cachesAt + CACHE.bytes * site.cache, kept, rules.segmentTail);
    // The next pointer of a loop often leads into the same range, and to find that out costs an iteration.
    if (leaving.length === 0 || segment === null || segment.base < port().layout.regionBoundary) return;
    for (const other of leaving)
      if (other.access === site.access && segments.isEmpty(cachesAt + CACHE.bytes * other.cache!))
        segments.put(cachesAt + CACHE.bytes * other.cache!, segment, rules.segmentTail);
  };
  const codeChanged = (before: number) =>
    port().codeEpoch === before ? CALL_RESULT.done : CALL_RESULT.codeChanged;

  return {
    grant: (index, address) => {
      const site = unit.sites[index]!;
      if (!isLocal(site, address)) grant(site, address);
    },
    load: (signed, index) => {
      const site = unit.sites[index]!;
      const address = BigInt.asUintN(64, signed);
      let bits = 0n;
      const work = () => {
        bits = loadAt(port(), address, site.size, site.named);
      };
      return afterwards(!isLocal(site, address) && attempt(work), (done) => {
        segments.control.setUint32(CONTROL.trapped, done ? 0 : 1, true);
        segments.heed();
        if (done) grant(site, address);
        return bits;
      });
    },
    store: (signed, index, bits) => {
      const site = unit.sites[index]!;
      const address = BigInt.asUintN(64, signed);
      const { codeEpoch } = port();
      const work = () => storeAt(port(), address, site.size, site.named, bits);
      return afterwards(!isLocal(site, address) && attempt(work), (done) => {
        segments.heed();
        if (!done) return CALL_RESULT.refused;
        grant(site, address);
        return codeChanged(codeEpoch);
      });
    },
    newr: (place) => {
      const { codeEpoch } = port();
      const work = () => {
        const stop = interpret({ pc: unit.newrs[place]!, executed: 0 }, port(), 1, Number.MAX_SAFE_INTEGER);
        if (stop.kind === 'paused') throw new PauseTrap();
        if (stop.kind === 'fault') throw new FaultTrap(stop.fault.cause, stop.fault.address);
      };
      return afterwards(attempt(work), (done) => {
        segments.heed();
        return done ? codeChanged(codeEpoch) : CALL_RESULT.refused;
      });
    },
    touch: (place) => {
      try {
        port().touchPrivate(unit.touches[place]!);
        return CALL_RESULT.done;
      } catch (trap) {
        if (trap instanceof FaultTrap) return CALL_RESULT.refused;
        throw trap;
      }
    },
  };
}

function afterwards<T, U>(answer: Answer<T>, next: (value: T) => U): Answer<U> {
  return answer instanceof Promise ? answer.then(next) : next(answer);
}

/** The calls as imports, those that may answer by a promise so that they suspend translated code. */
export function importable(
  { load, store, newr, touch }: UnitCalls,
  fetchMissing: FetchMissing | null,
): Readonly<Record<Exclude<keyof UnitCalls, 'grant'>, unknown>> {
  if (!fetchMissing?.suspends) return { load, store, newr, touch };
  const { Suspending } = Wasm;
  invariant(Suspending !== undefined, 'only a host that can is asked to suspend WebAssembly');
  return { load: new Suspending(load), store: new Suspending(store), newr: new Suspending(newr), touch };
}
