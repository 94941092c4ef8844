/** `--stats`: what a run has cost. */

import type { Address } from '../../src/actors/address.ts';
import { type Costs, NO_COSTS } from '../../src/actors/node/compartments/costs.ts';
import type { HostedKind, Message } from '../../src/actors/node/host.ts';
import type { Machine } from '../../src/actors/node/machine.ts';
import type { RunReport } from '../../src/actors/node/run-report.ts';
import { PHASES, Phases } from './phases.ts';

export class Statistics {
  readonly #began = performance.now();
  readonly #messages = new Map<string, number>();
  readonly #phases = new Phases();
  #attempts = 0;
  #instructions = 0;
  /** By translated code, where RComps live. */
  #translated = 0;
  #machine: Machine | null = null;

  readonly onDispatch = (to: Address, message: Message): void => {
    this.#messages.set(to.kind, (this.#messages.get(to.kind) ?? 0) + 1);
    this.#phases.heard(to, message);
  };

  follow(machine: Machine): void {
    this.#machine = machine;
    this.#phases.follow(machine);
    machine.on('attempt', ({ end, translated }) => {
      this.#attempts += 1;
      this.#translated += translated;
      if ('executed' in end) this.#instructions += end.executed;
    });
  }

  /** For `--json`: its part `stats`. */
  object(): object {
    const phases = this.#phases.times(this.#costs);
    return {
      milliseconds: rounded(performance.now() - this.#began),
      attempts: this.#attempts,
      instructions: this.#instructions,
      translated: this.#costs.translated + this.#translated,
      phases: Object.fromEntries(PHASES.map((phase) => [phase, rounded(phases[phase])])),
      messages: Object.fromEntries(this.#messages),
    };
  }

  lines({ runners, version }: RunReport): string[] {
    const seconds = (performance.now() - this.#began) / 1000;
    const rate = (count: number) => `${grouped(Math.round(count / seconds))}/s`;
    const messages = [...this.#messages.values()].reduce((sum, count) => sum + count, 0);
    const live = Object.entries(this.#machine?.liveActors() ?? {}) as [HostedKind, number][];
    const translated = this.#costs.translated + this.#translated;
    const share = this.#instructions === 0 ? 0 : (100 * translated) / this.#instructions;
    const phases = this.#phases.times(this.#costs);
    const rows: [string, string][] = [
      ['time', `${seconds.toFixed(3)} s`],
      [
        'commits',
        `${grouped(runners.committed)} of runners, version ${grouped(version)} (${rate(runners.committed)})`,
      ],
      ['ends', `${runners.aborted} aborted, ${runners.faulted} faulted, ${runners.watching} still watching`],
      ['attempts', `${grouped(this.#attempts)}: ${runners.conflicts} conflicts, ${runners.retries} retries`],
      [
        'instructions',
        `${grouped(this.#instructions)} (${rate(this.#instructions)}), ${Math.min(100, share).toFixed(1)} % translated`,
      ],
      ['phases', `of all attempts: ${PHASES.map((phase) => `${phase} ${time(phases[phase])}`).join(', ')}`],
      ['messages', `${grouped(messages)}: ${counted([...this.#messages])}`],
      ['actors', counted(live)],
      ['memory', `${grouped(Math.round(process.memoryUsage.rss() / 2 ** 20))} MiB`],
      ['kept', 'ack memory: commits do not survive this process'],
    ];
    return rows.map(([name, value]) => `${name.padEnd(13)}${value}`);
  }

  get #costs(): Costs {
    return this.#machine?.costs() ?? NO_COSTS;
  }
}

function time(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

function counted(entries: readonly (readonly [string, number])[]): string {
  return entries.map(([kind, count]) => `${grouped(count)} ${kind}`).join(', ');
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
