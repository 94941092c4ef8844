/** One line on a terminal that tells, again and again, how something long goes. */

/** Milliseconds before the first line, and between two. */
const PERIOD = 1000;

const CLEAR = '\r\x1b[2K';

export class StatusLine {
  readonly #terminal: NodeJS.WriteStream;
  readonly #timer: NodeJS.Timeout;
  #shown = false;

  constructor(terminal: NodeJS.WriteStream, line: () => string) {
    this.#terminal = terminal;
    this.#timer = setInterval(() => {
      terminal.write(`${CLEAR}${line().slice(0, (terminal.columns ?? 80) - 1)}`);
      this.#shown = true;
    }, PERIOD);
  }

  /** Takes the line away. */
  stop(): void {
    clearInterval(this.#timer);
    if (this.#shown) this.#terminal.write(CLEAR);
    this.#shown = false;
  }
}
