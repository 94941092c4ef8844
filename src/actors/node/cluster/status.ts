/** What `dvm status` shows: nodes and programs. */

import { MASTER_NODE } from '../../placement.ts';
import type { RunStatus } from '../run-report.ts';
import type { RunState } from './cluster-run.ts';
import type { MasterNode } from './master-node.ts';
import type { MemberState } from './members.ts';

export interface Status {
  readonly name: string;
  /** dvm's own. */
  readonly version: string;
  readonly nodes: readonly NodeStatus[];
  readonly programs: readonly ProgramStatus[];
}

export interface NodeStatus {
  readonly node: number;
  readonly state: MemberState;
  readonly rcomps: number;
  readonly url: string;
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
    nodes: [
      { node: MASTER_NODE, state: 'here', rcomps: master.rcomps, url: master.origin },
      ...master.members.map(
        ({ node, state, rcomps, origin }): NodeStatus => ({ node, state, rcomps, url: origin }),
      ),
    ],
    programs: master.runs.map((run): ProgramStatus => {
      const { watching, finished, ...rest } = run.counts.states;
      const isOver = run.state !== 'running';
      return {
        program: run.id,
        name: run.name,
        state: run.state,
        status: run.report?.status ?? null,
        submitted: new Date(run.submitted).toISOString(),
        version: run.machine.version,
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
