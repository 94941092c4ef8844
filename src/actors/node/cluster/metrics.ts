/** What a master's node tells Prometheus. */

import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { MASTER_NODE } from '../../placement.ts';
import type { MasterNode } from './master-node.ts';

/** The text of one scrape, asked for anew each time. */
export class Metrics {
  readonly #registry = new Registry();

  constructor(master: MasterNode) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    new Gauge({
      name: 'dvm_nodes',
      help: 'Nodes by state, the master among them',
      labelNames: ['state'],
      registers,
      collect() {
        this.reset();
        this.inc({ state: 'here' });
        for (const { state } of master.members) this.inc({ state });
      },
    });
    new Gauge({
      name: 'dvm_rcomps',
      help: 'Runner compartments by node',
      labelNames: ['node'],
      registers,
      collect() {
        this.reset();
        this.set({ node: MASTER_NODE }, master.rcomps);
        for (const { node, rcomps, state } of master.members)
          if (state !== 'left' && state !== 'lost') this.set({ node }, rcomps);
      },
    });
    new Gauge({
      name: 'dvm_programs',
      help: 'Programs by state, those whose results are kept among them',
      labelNames: ['state'],
      registers,
      collect() {
        this.reset();
        for (const { state } of master.programs.all) this.inc({ state });
      },
    });
    new Gauge({
      name: 'dvm_runners',
      help: 'Runners of running programs by state',
      labelNames: ['state'],
      registers,
      collect() {
        for (const state of ['schedulable', 'running', 'watching'] as const)
          this.set(
            { state },
            sum(master.programs.all.map((run) => (run.state === 'running' ? run.counts.states[state] : 0))),
          );
      },
    });
    for (const [name, help, count] of [
      ['dvm_commits_total', 'Versions decided', () => master.programs.totals.commits],
      ['dvm_sent_bytes_total', 'Bytes of frames to other nodes', () => master.traffic.sent],
      ['dvm_received_bytes_total', 'Bytes of frames from other nodes', () => master.traffic.received],
      ['dvm_conflicts_total', 'Attempts that lost to others', () => master.programs.totals.conflicts],
    ] as const)
      new Counter({
        name,
        help,
        registers,
        collect() {
          this.reset();
          this.inc(count());
        },
      });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
