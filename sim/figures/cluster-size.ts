/** What a runner of the sum tree costs in clusters of several sizes: messages, and steps of the master. */

import { createActor } from '../../src/actors/actor.ts';
import type { MasterState } from '../../src/actors/master-state.ts';
import type { Create } from '../cluster.ts';
import { PLAIN_RUN, runScenario } from '../run.ts';
import { drawScenario, type Scenario } from '../scenario.ts';

export const SIZES = [3, 16, 256, 1_000];
/** So that every node has something to do, and a thousand nodes are done soon. */
export const LEAVES_A_NODE = 4;

export interface Cost {
  readonly nodes: number;
  readonly runners: number;
  readonly messages: number;
  /** Microseconds of virtual time. */
  readonly virtualTime: number;
  readonly master: {
    readonly heard: number;
    readonly sent: number;
    /** Agents looked at, and nodes of the trees that tell who wrote and who watches what. */
    readonly agents: number;
    readonly treeNodes: number;
    /** Homes that news have named. */
    readonly named: number;
  };
}

export function costOf(nodes: number): Cost {
  const leaves = LEAVES_A_NODE * nodes;
  const master = { heard: 0, sent: 0, named: 0 };
  const states: MasterState[] = [];
  const create: Create = (init) => {
    const birth = createActor(init);
    if (init.kind !== 'master') return birth;
    const { actor } = birth;
    states.push(actor.look?.() as MasterState);
    return {
      ...birth,
      actor: {
        ...actor,
        receive: (message) => {
          const effects = actor.receive(message);
          master.heard += 1;
          for (const effect of effects) {
            if (effect.type !== 'send') continue;
            master.sent += 1;
            if ('news' in effect.message) master.named += effect.message.news.touched.length;
          }
          return effects;
        },
      },
    };
  };
  const { result, virtualTime } = runScenario(sumTreeOn(nodes, leaves), { ...PLAIN_RUN, create });
  const [state] = states;
  return {
    nodes,
    // The entry, the leaves, and a watcher for each sum of two.
    runners: 2 * leaves,
    messages: result!.deliveries.length,
    virtualTime,
    master: {
      ...master,
      agents: state!.agents.looks,
      treeNodes: state!.history.steps + state!.index.steps,
    },
  };
}

function sumTreeOn(nodes: number, leaves: number): Scenario {
  const drawn = drawScenario(1, {
    workload: { kind: 'sum-tree', leaves },
    nodes,
    rcomps: 2,
    homes: nodes,
    faults: [],
    faultRate: 0,
  });
  return {
    ...drawn,
    encodedEvery: 16,
    machine: { ...drawn.machine, engine: 'interpreter', deterministic: false },
  };
}
