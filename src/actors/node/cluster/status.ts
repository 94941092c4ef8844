/** What `dvm status` shows: nodes and programs. */

import { MASTER_NODE } from '../../placement.ts';
import type { RunStatus } from '../run-report.ts';
import type { ClusterRun, RunState } from './cluster-run.ts';
import type { MasterNode } from './master-node.ts';
import type { MemberState } from './members.ts';

export interface Status {
  readonly name: string;
  /** dvm's own. */
  readonly version: string;
  /** What a commit has survived when it is acknowledged: nothing; the loss of all but one of the nodes that keep its pages; a crash of everything (rule 8). */
  readonly acknowledges: 'memory' | 'replicated' | 'durable';
  readonly nodes: readonly NodeStatus[];
  readonly programs: readonly ProgramStatus[];
}

export interface NodeStatus {
  readonly node: number;
  readonly state: MemberState;
  readonly rcomps: number;
  readonly url: string;
  /** Page homes of programs that it keeps a replica of. */
  readonly homes: number;
}

export interface ProgramStatus {
  readonly program: number;
  readonly name: string;
  readonly state: RunState;
  /** What it has come to; null while it runs. */
  readonly status: RunStatus | null;
  /** ISO 8601. */
  readonly submitted: string;
  /** Newest version. */
  readonly version: number;
  /** Nodes that have all of a page, whichever page: so many less one may die at once. 0: some pages are lost. */
  readonly copies: number;
  readonly runners: {
    readonly schedulable: number;
    readonly running: number;
    readonly watching: number;
    readonly finished: number;
  };
  /** Bytes that were put out. */
  readonly stdout: number;
  readonly stderr: number;
}

export function statusOf(master: MasterNode): Status {
  return {
    name: master.name,
    version: master.version,
    acknowledges: master.acknowledges,
    nodes: [
      {
        node: MASTER_NODE,
        state: 'here',
        rcomps: master.rcomps,
        url: master.origin,
        homes: homesOn(master, MASTER_NODE),
      },
      ...master.members.map(
        ({ node, state, rcomps, origin }): NodeStatus => ({
          node,
          state,
          rcomps,
          url: origin,
          homes: homesOn(master, node),
        }),
      ),
    ],
    programs: master.programs.all.map((run): ProgramStatus => {
      const { watching, finished, ...rest } = run.counts.states;
      const isOver = run.state !== 'running';
      return {
        program: run.id,
        name: run.name,
        state: run.state,
        status: run.report?.status ?? null,
        submitted: new Date(run.submitted).toISOString(),
        version: run.version,
        copies: copiesOf(run),
        // What a cancelled program had running is nobody's any more.
        runners: {
          schedulable: isOver ? 0 : rest.schedulable,
          running: isOver ? 0 : rest.running,
          watching,
          finished,
        },
        stdout: run.stdout.length,
        stderr: run.stderr.length,
      };
    }),
  };
}

function homesOn(master: MasterNode, node: number): number {
  return master.programs.all
    .flatMap((run) => run.places?.homes ?? [])
    .filter((replicas) => replicas.some((replica) => replica.node === node)).length;
}

/** One that is over for good has no pages any more. */
export function copiesOf({ places }: ClusterRun): number {
  if (places === null) return 0;
  return Math.min(...places.homes.map((replicas) => replicas.filter(({ ready }) => ready).length));
}
