/** `--stats`: what a run has cost. */

import type { Address } from '../../src/actors/address.ts';
import type { HostedKind, Message } from '../../src/actors/node/host.ts';
import type { Machine } from '../../src/actors/node/machine.ts';
import type { RunReport } from '../../src/actors/node/run-report.ts';

export class Statistics {
  readonly #began = performance.now();
  readonly #messages = new Map<string, number>();
  #attempts = 0;
  #instructions = 0;
  #machine: Machine | null = null;

  readonly onDispatch = (to: Address, _message: Message): void => {
    this.#messages.set(to.kind, (this.#messages.get(to.kind) ?? 0) + 1);
  };

  follow(machine: Machine): void {
    this.#machine = machine;
    machine.on('attempt', ({ end }) => {
      this.#attempts += 1;
      if ('executed' in end) this.#instructions += end.executed;
    });
  }

  lines({ runners, version }: RunReport): string[] {
    const seconds = (performance.now() - this.#began) / 1000;
    const rate = (count: number) => `${grouped(Math.round(count / seconds))}/s`;
    const messages = [...this.#messages.values()].reduce((sum, count) => sum + count, 0);
    const live = Object.entries(this.#machine?.liveActors() ?? {}) as [HostedKind, number][];
    const rows: [string, string][] = [
      ['time', `${seconds.toFixed(3)} s`],
      [
        'commits',
        `${grouped(runners.committed)} of runners, version ${grouped(version)} (${rate(runners.committed)})`,
      ],
      ['ends', `${runners.aborted} aborted, ${runners.faulted} faulted, ${runners.watching} still watching`],
      ['attempts', `${grouped(this.#attempts)}: ${runners.conflicts} conflicts, ${runners.retries} retries`],
      ['instructions', `${grouped(this.#instructions)} (${rate(this.#instructions)})`],
      ['messages', `${grouped(messages)}: ${counted([...this.#messages])}`],
      ['actors', counted(live)],
      ['memory', `${grouped(Math.round(process.memoryUsage.rss() / 2 ** 20))} MiB`],
      ['kept', 'ack memory: commits do not survive this process'],
    ];
    return rows.map(([name, value]) => `${name.padEnd(13)}${value}`);
  }
}

function counted(entries: readonly (readonly [string, number])[]): string {
  return entries.map(([kind, count]) => `${grouped(count)} ${kind}`).join(', ');
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
