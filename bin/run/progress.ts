/** How a long run goes, in one line on a terminal. */

import type { Counted } from '../../src/actors/node/runner-counts.ts';
import { StatusLine } from '../status-line.ts';

export class Progress {
  readonly #line: StatusLine;
  readonly #counted: () => Counted;
  #commits = 0;
  #conflicts = 0;

  constructor(counted: () => Counted, terminal: NodeJS.WriteStream) {
    this.#counted = counted;
    this.#line = new StatusLine(terminal, () => this.#text());
  }

  /** Takes the line away. */
  stop(): void {
    this.#line.stop();
  }

  /** Rates are counted from one line to the next. */
  #text(): string {
    const { states, commits, conflicts } = this.#counted();
    const { running, schedulable, watching, finished } = states;
    const runners = `${running} running, ${schedulable} schedulable, ${watching} watching, ${finished} finished`;
    const text = `${runners}; ${commits - this.#commits} commits/s, ${conflicts - this.#conflicts} conflicts/s`;
    this.#commits = commits;
    this.#conflicts = conflicts;
    return text;
  }
}
