/** Node processes that are killed and stopped at random while programs run on them. */

import { setTimeout } from 'node:timers/promises';
import type { Dice } from '../../sim/dice.ts';
import type { LocalCluster } from '../../src/index.ts';

export interface Harm {
  /** Processes that were killed, each replaced by another. */
  killed: number;
  /** Processes that were stopped for longer than their master waits, and went on. */
  stopped: number;
}

/** Milliseconds between two deeds, at most. */
const LULL = 120;

/** Milliseconds for which a process is stopped, at most; its master gives it up sooner or later than that. */
const PAUSE = 600;

/** Does harm until `over`, so many times at the most; afterwards every node lives. */
export async function harm(
  cluster: LocalCluster,
  dice: Dice,
  most: number,
  over: Promise<unknown>,
): Promise<Harm> {
  const done: Harm = { killed: 0, stopped: 0 };
  let isOver = false;
  const end = over
    .catch(() => {})
    .then(() => {
      isOver = true;
    });
  const pauses: Promise<void>[] = [];
  while (!isOver && done.killed + done.stopped < most) {
    await Promise.race([end, setTimeout(dice.between(1, LULL))]);
    if (isOver) break;
    const victims = cluster.processes;
    if (victims.length === 0) continue;
    const { pid } = dice.pick(victims);
    if (dice.chance(0.7)) {
      send(pid, 'SIGKILL');
      done.killed += 1;
      await cluster.join();
    } else if (send(pid, 'SIGSTOP')) {
      done.stopped += 1;
      pauses.push(setTimeout(dice.between(1, PAUSE)).then(() => void send(pid, 'SIGCONT')));
    }
  }
  await Promise.all(pauses);
  return done;
}

/** Whether it still lives. */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
