/** The two ways to a DVM of many nodes. */

import { UsageError } from '../../../errors.ts';
import { Token } from '../link/token.ts';
import { ClusterClient } from './cluster-client.ts';
import type { LocalCluster, LocalClusterOptions } from './local-cluster.ts';
import { isOrigin } from './origin.ts';

export interface ClusterOptions {
  /** As `dvm token new` has made it. Default: none. */
  readonly token?: string;
  /** PEM of who vouches for the master's certificate. Default: those whom the system trusts. */
  readonly authority?: string;
}

export type Cluster = ClusterClient;

/**
 * A DVM of many nodes.
 *
 * ```ts
 * await using cluster = await Cluster.start({ nodes: 4 }); // or Cluster.at('ws://10.0.0.1:7400', { token })
 * mustSucceed(await cluster.run(program));
 * ```
 */
export const Cluster = {
  /** The DVM whose master's node listens there, as in `ws://127.0.0.1:7400`. Throws `UsageError`; nothing is asked yet. */
  at(url: string, { token, authority }: ClusterOptions = {}): Cluster {
    const origin = url.replace(/\/$/, '');
    if (!isOrigin(origin))
      throw new UsageError(`${url} is no address of a DVM`, 'as in ws://127.0.0.1:7400, or wss:// with TLS');
    const shown = token === undefined ? null : Token.parse(token);
    if (token !== undefined && shown === null)
      throw new UsageError('the token is none', 'a token is made by: dvm token new');
    return new ClusterClient(origin, { token: shown, authority: authority ?? null });
  },

  /**
   * A DVM on this machine, of as many node processes as asked for, until it is disposed of. Rejects with `UsageError`, and
   * with `ClusterError` if a node does not come up.
   */
  async start(options: LocalClusterOptions): Promise<LocalCluster> {
    return (await import('./local-cluster.ts')).LocalCluster.open(options);
  },
};
