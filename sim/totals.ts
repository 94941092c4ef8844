/** What many runs have shown together. */

import { POINTS, type Point } from '../src/sometimes.ts';
import type { Shown } from './campaign.ts';
import { FAULT_EVENTS, FaultCounts, type FaultKind } from './faults.ts';

export class Totals {
  seeds = 0;
  deliveries = 0;
  commits = 0;
  attempts = 0;
  conflicts = 0;
  /** Microseconds. */
  virtualTime = 0;
  readonly faults = new FaultCounts();
  readonly points = new Set<Point>();
  /** The sum of the runs' fingerprints: the same in whatever order they come to an end. */
  #fingerprints = 0n;

  add(shown: Shown): void {
    this.seeds += 1;
    this.deliveries += shown.deliveries;
    this.commits += shown.commits;
    this.attempts += shown.attempts;
    this.conflicts += shown.conflicts;
    this.virtualTime += shown.virtualTime;
    this.faults.join(shown.faults);
    for (const point of shown.points) this.points.add(point);
    this.#fingerprints += BigInt(`0x${shown.fingerprint}`);
  }

  /** Of all runs: equal where each has sent and received the same in the same order. */
  get fingerprint(): string {
    return BigInt.asUintN(64, this.#fingerprints).toString(16).padStart(16, '0');
  }

  /** Kinds of faults that have not happened. */
  get missingFaults(): FaultKind[] {
    return FAULT_EVENTS.filter((kind) => this.faults.of(kind) === 0);
  }

  get missingPoints(): Point[] {
    return POINTS.filter((point) => !this.points.has(point));
  }

  /** What no run has met, in words: over many seeds there should be nothing. */
  missing(): string[] {
    const [faults, points] = [this.missingFaults, this.missingPoints];
    return [
      ...(faults.length > 0 ? [`faults that never happened: ${faults.join(', ')}`] : []),
      ...(points.length > 0 ? [`points that were never reached: ${points.join('; ')}`] : []),
    ];
  }

  /** For machines to read. */
  object() {
    const { seeds, deliveries, commits, attempts, conflicts, virtualTime } = this;
    return {
      seeds,
      messages: deliveries,
      commits,
      attempts,
      conflicts,
      virtualSeconds: virtualTime / 1e6,
      faults: Object.fromEntries(FAULT_EVENTS.map((kind) => [kind, this.faults.of(kind)])),
      points: [...this.points].sort(),
      fingerprint: this.fingerprint,
    };
  }

  /** One line; `seconds`: how long it has taken, outside. */
  line(seconds: number): string {
    const kinds = FAULT_EVENTS.length;
    return [
      `${number(this.seeds)} seeds`,
      `${(this.seeds / Math.max(seconds, 1e-3)).toFixed(0)}/s`,
      `${(this.virtualTime / 3.6e9).toFixed(4)} h simulated`,
      `${number(this.deliveries)} messages`,
      `${number(this.commits)} commits checked`,
      `${((100 * this.conflicts) / Math.max(this.attempts, 1)).toFixed(1)} % conflicts`,
      `faults ${kinds - this.missingFaults.length}/${kinds}`,
      `points ${this.points.size}/${POINTS.length}`,
    ].join(', ');
  }
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
