/** Node processes that are killed and stopped at random while programs run on them. */

import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { Dice } from '../../sim/dice.ts';
import type { LocalCluster } from '../../src/index.ts';
import { said, started } from './command.ts';

export interface Harm {
  /** Processes that were killed, each replaced by another. */
  killed: number;
  /** Processes that were stopped for longer than their master waits, and went on. */
  stopped: number;
}

/** Milliseconds between two looks at whether there may be another deed. */
const LOOK = 10;

/** Milliseconds between two deeds, at most. */
const LULL = 120;

/** Milliseconds for which a process is stopped, at most; its master gives it up sooner or later than that. */
const PAUSE = 1_200;

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
  while (!isOver && done.killed + done.stopped < most) {
    await Promise.race([end, setTimeout(dice.between(1, LULL))]);
    if (isOver) break;
    const victims = cluster.processes;
    if (victims.length === 0) continue;
    const { pid, node } = dice.pick(victims);
    if (dice.chance(0.7)) {
      send(pid, 'SIGKILL');
      done.killed += 1;
      await cluster.join();
      await whole(cluster, node);
    } else if (send(pid, 'SIGSTOP')) {
      done.stopped += 1;
      await setTimeout(dice.between(1, PAUSE));
      send(pid, 'SIGCONT');
      // Until the master has made up its mind about it.
      await setTimeout(PAUSE);
      await whole(cluster);
    }
  }
  return done;
}

/** Until every page is with two nodes again, and this one is known to be dead: more than one at a time may not die. */
async function whole(cluster: LocalCluster, dead?: number): Promise<void> {
  for (;;) {
    const { nodes, programs } = await cluster.status();
    const isKnown = dead === undefined || nodes.some(({ node, state }) => node === dead && state === 'lost');
    const isSettled = nodes.every(({ state }) => state !== 'joining' && state !== 'leaving');
    if (isKnown && isSettled && programs.every(({ copies }) => copies >= 2)) return;
    await setTimeout(LOOK);
  }
}

/** Whether it still lives. */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** A node's process, started from the command line. */
export interface DvmProcess {
  readonly url: string;
  /** At once, and for good. */
  kill(): Promise<void>;
}

/** Port 0: any that is free. The data of all masters of a spec file are the same. */
export function startMaster(port: number): Promise<DvmProcess> {
  const args = [
    '--master',
    '--listen',
    `127.0.0.1:${port}`,
    '--rcomps',
    '0',
    '--data',
    'data',
    '--checkpoint',
    '40',
  ];
  return startProcess(args, /^DVM \S+ at (\S+)$/m);
}

export function startNode(master: string): Promise<DvmProcess> {
  return startProcess(['--join', master, '--rcomps', '1'], /listening at (\S+)$/m);
}

async function startProcess(args: readonly string[], pattern: RegExp): Promise<DvmProcess> {
  const child = started(['node', '--log-level', 'warn', ...args]);
  const text = await said(child, 'stdout', pattern);
  child.stdout.resume();
  child.stderr.resume();
  return {
    url: pattern.exec(text)![1]!,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
