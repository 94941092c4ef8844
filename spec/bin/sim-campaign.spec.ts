/** The share of the simulator that every change must pass: fresh seeds, nothing violated, nothing left out. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { FAULT_EVENTS } from '../../sim/faults.ts';
import { POINTS } from '../../src/sometimes.ts';

const run = promisify(execFile);
const COMMAND = new URL('../../dist/bin/dvm.js', import.meta.url).pathname;
const SEEDS = Number(process.env.DVM_SIM_SEEDS ?? 6_000);
/** Seeds after which there should be no fault and no point that was never met. */
const MANY = 4_000;

it(`${SEEDS} fresh seeds violate nothing`, { timeout: 1_800_000 }, async () => {
  const first = Date.now() % 2 ** 31;
  const { stdout } = await run(
    process.execPath,
    [COMMAND, 'sim', '--seed', String(first), '--seeds', String(SEEDS), '--json'],
    { maxBuffer: 2 ** 26 },
  );
  const report = JSON.parse(stdout) as {
    readonly status: string;
    readonly seeds: number;
    readonly commits: number;
    readonly faults: Readonly<Record<string, number>>;
    readonly points: readonly string[];
  };
  console.log(`dvm sim --seed ${first} --seeds ${SEEDS}: ${report.commits} commits checked`);

  expect(report.status).toBe('clean');
  expect(report.seeds).toBe(SEEDS);
  if (SEEDS < MANY) return;
  expect(FAULT_EVENTS.filter((kind) => !report.faults[kind])).toEqual([]);
  expect(POINTS.filter((point) => !report.points.includes(point))).toEqual([]);
});
