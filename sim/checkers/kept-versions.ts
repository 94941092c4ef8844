/**
 * I11, rule 14: what a live snapshot may read is kept. A dispatch names a version, and the attempt that starts there may
 * ask for any page of it; a floor that passed it meanwhile would make the attempt fail for no fault of its own.
 */

import { type Address, addressOf, nameOfAddress } from '../../src/actors/address.ts';
import { Standing } from '../evidence/standing.ts';
import { addressText, attemptText } from '../names.ts';
import { type Checker, NOTHING } from './checker.ts';
import { hex } from './texts.ts';

interface Live {
  readonly number: number;
  /** The oldest version that it may read. */
  readonly pin: number;
}

export const keptVersions: Checker = {
  id: 'I11',
  sentence: 'no version that a live snapshot may read is collected, unless a memory cap asks for it',
  watch: ({ setting }) => {
    const live = new Map<bigint, Live>();
    const gone = ({ runner, number }: { readonly runner: bigint; readonly number: number }) => {
      if (live.get(runner)?.number === number) live.delete(runner);
      return NOTHING;
    };
    /** The newest floor that was sent, and the one that each home has heard of, or copied. */
    let newest = 0;
    const floors = new Map<string, number>();
    const hear = (home: Address, floor: number) => {
      const name = nameOfAddress(home);
      floors.set(name, Math.max(floors.get(name) ?? 0, floor));
      return NOTHING;
    };
    /** Replicas that have been made: what stood in their place before is no matter. */
    const made = new Set<number>();
    return {
      started({ attempt: { runner, number }, sv }) {
        if (live.get(runner)?.number === number) live.set(runner, { number, pin: sv });
        return NOTHING;
      },
      attempted: ({ event }) => gone(event.attempt),
      runner({ runner, state }) {
        if (state !== 'running') live.delete(runner);
        return NOTHING;
      },
      sent: {
        dispatch({ message }) {
          for (const { attempt, at } of message.assignments)
            live.set(attempt.runner, { number: attempt.number, pin: at });
          return NOTHING;
        },
        revoke: ({ message }) => gone(message.attempt),
        *floor({ message: { floor } }) {
          if (floor <= newest) return;
          newest = floor;
          for (const [runner, { number, pin }] of live)
            if (pin < floor)
              yield `floor ${floor} passes attempt ${number} of ${hex(runner)}, which may read ${pin}`;
        },
        kept({ message: { agent, replicas } }) {
          for (const { home, replica } of replicas) {
            if (!made.has(replica)) floors.delete(nameOfAddress(addressOf('home', home, Number(agent.id))));
            made.add(replica);
          }
          return NOTHING;
        },
        *fetched({ from, message: { pages, at } }) {
          const floor = floors.get(nameOfAddress(from)) ?? 0;
          for (const { page, state } of pages)
            if ((state === 'too-old') !== at < floor)
              yield `${addressText(from)} with floor ${floor} answers page ${page} at ${at} with ${state}`;
        },
      },
      restarted({ floor }) {
        live.clear();
        made.clear();
        newest = floor;
        floors.clear();
        for (const home of new Standing(setting.config).all) floors.set(nameOfAddress(home), floor);
        return NOTHING;
      },
      delivered: {
        floor: ({ to, message: { floor } }) => hear(to, floor),
        part: ({ to, message: { last, contents } }) => (last ? hear(to, contents.floor) : NOTHING),
      },
      *ended({ attempt, why }) {
        if (why === 'snapshot-too-old' && setting.config.versionBytes >= UNCAPPED)
          yield `${attemptText(attempt)} finds its snapshot collected`;
      },
    };
  },
};

/** More than any drawn program supersedes. */
const UNCAPPED = 2 ** 24;
