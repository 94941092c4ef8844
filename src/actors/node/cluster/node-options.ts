/** What every node of a DVM is given, the master's and all others. */

import type { DoorOptions } from '../link/door.ts';
import type { Token } from '../link/token.ts';
import type { LinkOptions } from '../link/web-socket-endpoint.ts';
import { LINK_OPTIONS } from '../link/web-socket-endpoint.ts';

/** One event a transition; `details` are plain values. */
export type Log = (
  level: 'debug' | 'info' | 'warn',
  event: string,
  details: Readonly<Record<string, string | number>>,
) => void;

export interface NodeOptions {
  /** Where it listens. Port 0: one that is free. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Where others reach it, as in `ws://10.0.0.7:7400`; null: where it listens. */
  readonly advertise: string | null;
  /** Runner compartments: how many runners it runs at once. */
  readonly rcomps: number;
  /** Whoever holds one of these is let in, as its role says; if there are none, everybody is. */
  readonly tokens: readonly Token[];
  /** What it shows to other nodes. */
  readonly token: Token | null;
  /** PEM. Null: nothing is encrypted. */
  readonly certificate: DoorOptions['certificate'];
  /** PEM of who vouches for the certificates of others; null: those whom the system trusts. */
  readonly authority: string | null;
  /** dvm's own. */
  readonly version: string;
  readonly log: Log;
  /** Of links between nodes, for tests. */
  readonly links?: Partial<Pick<LinkOptions, 'beat' | 'handshake' | 'retry' | 'room'>>;
}

export function linkOptionsOf(
  { tokens, token, certificate, authority, links, log }: NodeOptions,
  cluster: string,
): LinkOptions {
  return {
    ...LINK_OPTIONS,
    ...links,
    tokens,
    token,
    certificate,
    authority,
    cluster,
    report: (node, why) => log('debug', 'connection ended', { node, why }),
  };
}
