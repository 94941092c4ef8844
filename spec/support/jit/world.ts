/** What an attempt is made in: a control block, memory around it, and the conditions of its execution. */

import { boot, STANDARD_IO } from '../../../src/actors/boot.ts';
import { DEFAULT_CONFIG, type MachineConfig, type MemoryMap } from '../../../src/actors/config.ts';
import type { ControlBlock } from '../../../src/actors/control-block.ts';
import { assemble } from '../../../src/isa/assembler.ts';
import { Snapshot } from './snapshot.ts';

/** How an attempt is executed; none of it may make a difference, but for fuel. */
export interface Conditions {
  readonly fuel: number;
  /** Budgets of the calls of a tier, one after the other; the last one for all further ones. */
  readonly budgets: readonly number[];
  /**
   * When pages of the snapshot come: those that are declared from the start, or each that a pause waits for, or is
   * fetched for in the middle of translated code.
   */
  readonly pages: 'ahead' | 'asked' | 'fetched';
  /** How much linear memory there is. */
  readonly linear: 'large' | 'small' | 'tiny';
  /** Whether it is a second attempt that counts, after a first one in the same memory and with the same units. */
  readonly again: boolean;
}

export interface World extends Conditions {
  readonly config: MachineConfig;
  readonly map: MemoryMap;
  readonly control: ControlBlock;
  readonly snapshot: Snapshot;
  /** Addresses of words that are looked at when the attempt is over; no page is needed for them. */
  readonly words: readonly number[];
}

const PLAIN: Conditions = {
  fuel: 1_000_000,
  budgets: [Number.MAX_SAFE_INTEGER],
  pages: 'ahead',
  linear: 'large',
  again: false,
};

export interface Said extends Partial<Conditions> {
  readonly config?: Partial<MachineConfig>;
  readonly control?: Partial<ControlBlock>;
  readonly words?: readonly number[];
  /** Seed of what memory holds beside what is assembled; zeros without one. */
  readonly content?: number;
}

/** The world of a program's entry runner. */
export function worldOfSource(
  source: string,
  { config, control, words = [], content, ...conditions }: Said = {},
): World {
  const assembled = assemble(source, { file: 'test.disa' });
  if (!assembled.ok) throw new Error(JSON.stringify(assembled.diagnostics));
  const { program } = assembled;
  const settings = { ...DEFAULT_CONFIG, regionBoundary: program.regionBoundary, ...config };
  const { entry, map } = boot(program, settings, STANDARD_IO);
  return {
    ...PLAIN,
    ...conditions,
    config: settings,
    map,
    control: { ...entry, ...control },
    snapshot: new Snapshot(settings.pageSize, content ?? null, program.sections),
    words,
  };
}
