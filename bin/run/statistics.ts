/** `--stats`: what a run has cost. */

import type { RunStatistics } from '../../src/actors/node/cluster/observation.ts';
import type { RunReport } from '../../src/actors/node/run-report.ts';
import { PHASES } from '../../src/actors/tally.ts';

export class Statistics {
  readonly #began = performance.now();
  readonly #kept: string;
  readonly #isHere: boolean;

  /** `kept`: the level of acknowledgement, and what commits survive. `isHere`: all of the run is in this process. */
  constructor(kept: string, isHere: boolean) {
    this.#kept = kept;
    this.#isHere = isHere;
  }

  /** For `--json`: its part `stats`. */
  object({ tally, nodes, lost }: RunStatistics): object {
    const { attempts, instructions, translated, phases, messages } = tally;
    return {
      milliseconds: Math.round((performance.now() - this.#began) * 1000) / 1000,
      attempts,
      instructions,
      translated,
      phases: Object.fromEntries(PHASES.map((phase) => [phase, phases[phase] / 1000])),
      messages: Object.fromEntries(heard(messages)),
      ...(!this.#isHere && { nodes, lostNodes: lost }),
    };
  }

  lines({ runners, version }: RunReport, { tally, nodes, lost }: RunStatistics): string[] {
    const { attempts, instructions, translated, phases, actors } = tally;
    const seconds = (performance.now() - this.#began) / 1000;
    const rate = (count: number) => `${grouped(Math.round(count / seconds))}/s`;
    const messages = heard(tally.messages);
    const total = messages.reduce((sum, [, count]) => sum + count, 0);
    const share = instructions === 0 ? 0 : (100 * translated) / instructions;
    const memory = `${grouped(Math.round(tally.memory / 2 ** 20))} MiB`;
    const rows: [string, string][] = [
      ['time', `${seconds.toFixed(3)} s`],
      [
        'commits',
        `${grouped(runners.committed)} of runners, version ${grouped(version)} (${rate(runners.committed)})`,
      ],
      ['ends', `${runners.aborted} aborted, ${runners.faulted} faulted, ${runners.watching} still watching`],
      ['attempts', `${grouped(attempts)}: ${runners.conflicts} conflicts, ${runners.retries} retries`],
      [
        'instructions',
        `${grouped(instructions)} (${rate(instructions)}), ${Math.min(100, share).toFixed(1)} % translated`,
      ],
      ['phases', `of all attempts: ${PHASES.map((phase) => `${phase} ${time(phases[phase])}`).join(', ')}`],
      ['messages', `${grouped(total)}: ${counted(messages)}`],
      ['actors', counted(Object.entries(actors))],
      ['memory', this.#isHere ? memory : `${memory} of their processes, whatever else they do`],
      ['kept', this.#kept],
    ];
    if (!this.#isHere) rows.splice(1, 0, ['nodes', toldBy(nodes, lost)]);
    return rows.map(([name, value]) => `${name.padEnd(13)}${value}`);
  }
}

/** Whose counts these are; those of the dead died with them. */
function toldBy(nodes: number, lost: number): string {
  const told = `${nodes}, the master’s among them`;
  return lost === 0 ? told : `${told}; ${lost} more died, and what they had counted is missing below`;
}

function heard(messages: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(messages).filter(([, count]) => count > 0);
}

function time(microseconds: number): string {
  const milliseconds = microseconds / 1000;
  return milliseconds < 1000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

function counted(entries: readonly (readonly [string, number])[]): string {
  return entries.map(([kind, count]) => `${grouped(count)} ${kind}`).join(', ');
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
