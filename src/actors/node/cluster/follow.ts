/** A program followed live: one JSON object a line, until it has ended and all that it put out has been told. */

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { RunnerState } from '../../trace-event.ts';
import type { ClusterRun } from './cluster-run.ts';
import { type PlainReport, plainReport } from './report-codec.ts';

export interface FollowWishes {
  /** Bytes that the follower has already. */
  readonly stdout: number;
  readonly stderr: number;
  /** Whether it wants to hear how many runners are in which state. */
  readonly counts: boolean;
}

export type Followed =
  /** Committed output, in order; `bytes` are base64. */
  | {
      readonly type: 'output';
      readonly channel: 'stdout' | 'stderr';
      readonly offset: number;
      readonly bytes: string;
    }
  | {
      readonly type: 'counts';
      readonly states: Readonly<Record<RunnerState, number>>;
      readonly commits: number;
      readonly conflicts: number;
    }
  | { readonly type: 'ended'; readonly report: PlainReport }
  /** A mistake of dvm's own. */
  | { readonly type: 'broken'; readonly error: string };

/** Milliseconds between two counts. */
const COUNT_PERIOD = 500;

/** Fulfilled when all is told, or nobody listens any more. */
export async function follow(run: ClusterRun, wishes: FollowWishes, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const told = { stdout: wishes.stdout, stderr: wishes.stderr };
  const bell = new Bell();
  const unlisten = run.listen(() => bell.ring());
  const timer = wishes.counts ? setInterval(() => bell.ring(), COUNT_PERIOD) : null;
  response.on('close', () => bell.ring());
  let counted = 0;
  try {
    while (!response.destroyed) {
      const isOver = run.state !== 'running';
      for (const channel of ['stdout', 'stderr'] as const)
        for (
          let chunk = run[channel].after(told[channel]);
          chunk !== null;
          chunk = run[channel].after(told[channel])
        ) {
          const bytes = Buffer.from(chunk.bytes).toString('base64');
          await tell(response, { type: 'output', channel, offset: chunk.offset, bytes });
          if (response.destroyed) return;
          told[channel] = chunk.offset + chunk.bytes.length;
          run[channel].fetched(told[channel]);
        }
      if (wishes.counts && performance.now() - counted >= COUNT_PERIOD) {
        counted = performance.now();
        const { states, commits, conflicts } = run.counts;
        await tell(response, { type: 'counts', states, commits, conflicts });
      }
      if (isOver) {
        await tell(response, last(run));
        response.end();
        return;
      }
      await bell.rung();
    }
  } finally {
    unlisten();
    clearInterval(timer ?? undefined);
  }
}

function last({ report, error }: ClusterRun): Followed {
  return report === null ? { type: 'broken', error } : { type: 'ended', report: plainReport(report) };
}

/** Waits until there is room for more. */
async function tell(response: ServerResponse, event: Followed): Promise<void> {
  if (response.destroyed || response.write(`${JSON.stringify(event)}\n`)) return;
  await Promise.race([once(response, 'drain'), once(response, 'close')]);
}

/** Rung while nobody waits, it is heard by the next who does. */
class Bell {
  #hasRung = false;
  #hear: (() => void) | null = null;

  ring(): void {
    this.#hasRung = true;
    this.#hear?.();
  }

  async rung(): Promise<void> {
    if (!this.#hasRung)
      await new Promise<void>((hear) => {
        this.#hear = hear;
      });
    this.#hear = null;
    this.#hasRung = false;
  }
}
