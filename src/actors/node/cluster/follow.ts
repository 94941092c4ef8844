/** A program followed live: one JSON object a line, until it has ended and all that it put out has been told. */

import type { ServerResponse } from 'node:http';
import type { RunnerState } from '../../trace-event.ts';
import type { ClusterRun } from './cluster-run.ts';
import { CHANNELS, type FollowedChannel, type Had } from './followers.ts';
import type { RunStatistics, TraceState } from './observation.ts';
import { type PlainReport, plainReport } from './report-codec.ts';

export interface FollowWishes {
  /** Bytes that the follower has already. */
  readonly stdout: number;
  readonly stderr: number;
  /** The same; null: it does not take the trace. */
  readonly trace: number | null;
  /** Whether it wants to hear how many runners are in which state. */
  readonly counts: boolean;
  /** What it has had needs no longer be kept. */
  readonly acknowledges: boolean;
}

export type Followed =
  /** Committed output and the trace, each in order; `bytes` are base64. */
  | {
      readonly type: 'output';
      readonly channel: FollowedChannel;
      readonly offset: number;
      readonly bytes: string;
    }
  | {
      readonly type: 'counts';
      readonly states: Readonly<Record<RunnerState, number>>;
      readonly commits: number;
      readonly conflicts: number;
    }
  | {
      readonly type: 'ended';
      readonly report: PlainReport;
      readonly statistics: RunStatistics | null;
      readonly trace: TraceState;
    }
  /** A mistake of dvm's own. */
  | { readonly type: 'broken'; readonly error: string };

/** Milliseconds between two counts. */
const COUNT_PERIOD = 500;

/** Fulfilled when all is told, or nobody listens any more. */
export async function follow(run: ClusterRun, wishes: FollowWishes, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const told: Had = { stdout: wishes.stdout, stderr: wishes.stderr, trace: wishes.trace };
  const bell = new Bell();
  const ring = () => bell.ring();
  const unlisten = run.listen(ring);
  const following = wishes.acknowledges ? run.follow(told) : null;
  const timer = wishes.counts ? setInterval(ring, COUNT_PERIOD) : null;
  response.on('close', ring).on('drain', ring);
  let counted = 0;
  try {
    for (; !response.destroyed; await bell.rung()) {
      // What it says that it has counts as fetched, also if an earlier process has told it.
      following?.fetched();
      const isOver = run.state !== 'running';
      if (wishes.counts && performance.now() - counted >= COUNT_PERIOD && !response.writableNeedDrain) {
        counted = performance.now();
        const { states, commits, conflicts } = run.counts;
        tell(response, { type: 'counts', states, commits, conflicts });
      }
      const isTold = tellOutput(run, told, response);
      following?.fetched();
      if (!isOver || !isTold) continue;
      tell(response, last(run));
      response.end();
      return;
    }
  } finally {
    unlisten();
    following?.end();
    clearInterval(timer ?? undefined);
  }
}

/** As much as the other side takes; whether that is all. */
function tellOutput(run: ClusterRun, told: Had, response: ServerResponse): boolean {
  for (const channel of CHANNELS) {
    const next = () => (told[channel] === null ? null : (run.spool(channel)?.after(told[channel]) ?? null));
    for (let chunk = next(); chunk !== null; chunk = next()) {
      if (response.writableNeedDrain || response.destroyed) return false;
      const bytes = Buffer.from(chunk.bytes).toString('base64');
      tell(response, { type: 'output', channel, offset: chunk.offset, bytes });
      told[channel] = chunk.offset + chunk.bytes.length;
    }
  }
  return true;
}

function last({ report, error, statistics, traceState }: ClusterRun): Followed {
  return report === null
    ? { type: 'broken', error }
    : { type: 'ended', report: plainReport(report), statistics, trace: traceState };
}

function tell(response: ServerResponse, event: Followed): void {
  if (!response.destroyed) response.write(`${JSON.stringify(event)}\n`);
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
