/** `dvm cluster`: a program on a DVM of local processes, which comes up for it and goes away with it. */

import { Cluster } from '../../src/actors/node/cluster/cluster.ts';
import type { LocalCluster } from '../../src/actors/node/cluster/local-cluster.ts';
import { UsageError } from '../../src/errors.ts';
import { say } from '../console.ts';
import { wholeNumber } from '../values.ts';
import { type RunFlags, runAt } from './run.ts';

export interface ClusterFlags extends RunFlags {
  readonly nodes: string;
  readonly nodeRcomps?: string;
}

export async function cluster(file: string, { nodes, nodeRcomps, ...flags }: ClusterFlags): Promise<number> {
  const count = wholeNumber('--nodes', nodes);
  if (count < 1) throw new UsageError(`--nodes ${nodes}: nobody would run anything`);
  const options = {
    nodes: count,
    ...(nodeRcomps !== undefined && { rcomps: wholeNumber('--node-rcomps', nodeRcomps) }),
  };
  let local: LocalCluster | null = null;
  try {
    return await runAt(file, flags, async () => {
      local = await Cluster.start({
        ...options,
        log: (level, event, details) => {
          if (level === 'warn') say(`dvm: ${event}: ${JSON.stringify(details)}`);
        },
      });
      return local;
    });
  } finally {
    await (local as LocalCluster | null)?.stop();
  }
}
