import { describe, expect, it } from 'vitest';
import { Disk } from '../../sim/disk.ts';
import { attemptOfArrival } from '../../src/actors/arrivals.ts';
import { boot, STANDARD_IO } from '../../src/actors/boot.ts';
import { DEFAULT_CONFIG } from '../../src/actors/config.ts';
import type { Decided } from '../../src/actors/decided.ts';
import { SIGNALS } from '../../src/actors/signals.ts';
import { SYSTEM_WORDS } from '../../src/isa/layout.ts';
import { homeOf, pageOf } from '../../src/memory/directory.ts';
import { ROOT_ID } from '../../src/memory/ids.ts';
import { programOf } from '../support/scenario.ts';

const PROGRAM = programOf('.entry main\nmain: exit:c\n');
const CONFIG = { ...DEFAULT_CONFIG, keepsAll: true, regionBoundary: PROGRAM.regionBoundary };
const BOOT = boot(PROGRAM, CONFIG, STANDARD_IO);

const IO = Number(SIGNALS.id);
const TICKS = SYSTEM_WORDS.timerTicks;
const PAGE = pageOf(TICKS, CONFIG.pageSize);
const HOME = homeOf(PAGE, CONFIG.homes);

/** The timer has ticked so many times. */
function tick(number: number): Decided[] {
  const attempt = attemptOfArrival(IO, number);
  const run = { address: TICKS, bytes: Uint8Array.of(number, 0, 0, 0, 0, 0, 0, 0), merge: 0 } as const;
  const spans = [{ base: TICKS, length: 8, merge: 0 }] as const;
  return [
    { type: 'staged', home: HOME, attempt, sv: null, patches: [{ page: PAGE, runs: [run] }] },
    { type: 'arrived', io: IO, number, spans, homes: [HOME], generation: 0, last: false },
  ];
}

/** A tick at each of these steps. */
function diskOf(...steps: number[]): Disk {
  const disk = new Disk();
  for (const [i, step] of steps.entries()) disk.append(tick(i + 1), step);
  return disk;
}

/** The version that is recovered, and how many commits are decided again for it. */
function recovered(disk: Disk, since = Number.MAX_SAFE_INTEGER): [version: number, again: number] {
  const { replayer, events } = disk.recover(BOOT, since);
  return [replayer.version, events.filter(({ type }) => type === 'commit').length];
}

describe('a crash', () => {
  it('forgets the newest entries, as many as are said', () => {
    const disk = diskOf(3, 5, 9);
    expect(disk.crash(2)).toBe(3);
    expect(recovered(disk)).toEqual([1, 1]);
  });

  it('forgets nothing that the outside has heard of, nor what was decided before that', () => {
    const disk = diskOf(3, 5, 9);
    disk.heard(7);
    expect(disk.crash(100)).toBe(5);
    expect(recovered(disk)).toEqual([2, 2]);
  });

  it('leaves what it has left to the next one', () => {
    const disk = diskOf(3, 5, 9);
    disk.crash(1);
    expect(disk.crash(100)).toBe(5);
  });

  it('of a log in which nothing stands leaves the program as it was loaded', () => {
    const disk = diskOf(4);
    expect(disk.crash(1)).toBe(0);
    const { replayer } = disk.recover(BOOT, 0);
    expect([replayer.version, replayer.checkpoint().runners.map(({ control }) => control.id)]).toEqual([
      0,
      [ROOT_ID],
    ]);
  });
});

describe('a checkpoint', () => {
  it('stands for all but the newest entries, and only those are decided again', () => {
    const disk = diskOf(3, 5, 9);
    disk.crash(0);
    expect(recovered(disk, 1)).toEqual([3, 1]);
    expect(disk.crash(100)).toBe(9);
    expect(recovered(disk, 1)).toEqual([3, 1]);
  });

  it('is what another one is made upon', () => {
    const disk = diskOf(3, 5, 9);
    disk.crash(0);
    recovered(disk, 2);
    disk.append(tick(4), 12);
    disk.crash(0);
    expect(recovered(disk, 0)).toEqual([4, 0]);
    expect(disk.crash(100)).toBe(12);
    const { replayer } = disk.recover(BOOT, 0);
    expect(replayer.pageAt(PAGE)?.[TICKS % CONFIG.pageSize]).toBe(4);
  });
});
