/** DVMs of several nodes in this process, over loopback. */

import { onTestFinished } from 'vitest';
import { serve } from '../../src/actors/node/cluster/api.ts';
import { MasterNode, type MasterNodeOptions } from '../../src/actors/node/cluster/master-node.ts';
import { MemberNode } from '../../src/actors/node/cluster/member-node.ts';
import type { NodeOptions } from '../../src/actors/node/cluster/node-options.ts';
import { Cluster, type ClusterOptions } from '../../src/index.ts';

export interface Logged {
  readonly level: string;
  readonly event: string;
  readonly details: Readonly<Record<string, string | number>>;
}

/** What all its nodes have logged, and a way to wait for it. */
export class Log {
  readonly events: Logged[] = [];
  #waiting: (() => void)[] = [];

  readonly write: NodeOptions['log'] = (level, event, details) => {
    this.events.push({ level, event, details });
    for (const look of this.#waiting.splice(0)) look();
  };

  /** The first such event, once there is one. */
  async heard(event: string, details: Logged['details'] = {}): Promise<Logged> {
    for (;;) {
      const found = this.events.find(
        (logged) =>
          logged.event === event &&
          Object.entries(details).every(([name, value]) => logged.details[name] === value),
      );
      if (found !== undefined) return found;
      await new Promise<void>((look) => this.#waiting.push(look));
    }
  }
}

export interface TestDvm {
  readonly master: MasterNode;
  readonly members: MemberNode[];
  readonly cluster: Cluster;
  readonly log: Log;
  /** One more node. */
  join(options?: Partial<NodeOptions> & { readonly master?: string }): Promise<MemberNode>;
}

/** For nodes that notice soon what is wrong with others. */
const LINKS = { beat: 50, handshake: 2_000, retry: { first: 5, most: 50 } };

const NODE: Omit<NodeOptions, 'log'> = {
  listen: { host: '127.0.0.1', port: 0 },
  advertise: null,
  rcomps: 2,
  tokens: [],
  token: null,
  certificate: null,
  authority: null,
  version: '1.0.0',
  links: LINKS,
};

/** A master without RComps of its own, unless told otherwise, and so many other nodes. Gone at the end of the test. */
export async function startDvm(
  count: number,
  options: Partial<MasterNodeOptions> = {},
  client: ClusterOptions = {},
): Promise<TestDvm> {
  const log = new Log();
  const all = { ...NODE, log: log.write };
  const master = await MasterNode.open({ ...all, rcomps: 0, name: 'test', store: null, ...options });
  serve(master);
  const members: MemberNode[] = [];
  onTestFinished(async () => {
    await Promise.all(members.map((member) => member.close()));
    await master.close();
  });
  const join: TestDvm['join'] = async (more = {}) => {
    const { rcomps: _, store: __, name: ___, listen: ____, ...shared } = options;
    const member = await MemberNode.join({ ...all, ...shared, master: master.origin, ...more });
    members.push(member);
    return member;
  };
  for (let i = 0; i < count; i += 1) {
    const { node } = await join();
    // Whoever comes to a program that runs already, is an event for it.
    await log.heard('node is here', { node });
  }
  return { master, members, cluster: Cluster.at(master.origin, client), log, join };
}
