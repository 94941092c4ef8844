/** A node of a local DVM, in a process of its own: told by its parent what to join, and gone with it. */

import { Token } from '../link/token.ts';
import { LINK_OPTIONS } from '../link/web-socket-endpoint.ts';
import { serveMember } from './api.ts';
import { MemberNode } from './member-node.ts';
import type { NodeOptions } from './node-options.ts';

/** What its parent says first. */
export interface Birth {
  readonly master: string;
  readonly token: string;
  readonly rcomps: number;
  readonly version: string;
  readonly links: NodeOptions['links'];
}

/** What it says to its parent. */
export type Word =
  | { readonly type: 'joined'; readonly node: number }
  | { readonly type: 'failed'; readonly why: string }
  | { readonly type: 'log'; readonly logged: Parameters<NodeOptions['log']> };

process.once('message', (birth: Birth) => void live(birth));
process.once('disconnect', () => process.exit(0));
process.on('error', () => {});
// A terminal sends it to the parent too, and that one decides.
process.on('SIGINT', () => {});

async function live({ master, token, rcomps, version, links }: Birth): Promise<void> {
  const held = Token.parse(token);
  try {
    const member = await MemberNode.join({
      master,
      listen: { host: '127.0.0.1', port: 0 },
      advertise: null,
      rcomps,
      tokens: held === null ? [] : [held],
      token: held,
      certificate: null,
      authority: null,
      version,
      links: links ?? LINK_OPTIONS,
      log: (...logged) => say({ type: 'log', logged }),
      onRejoined: (node) => say({ type: 'joined', node }),
    });
    serveMember(member);
    process.on('SIGTERM', () => member.leave());
    say({ type: 'joined', node: member.node });
    await member.parted;
    await member.close();
  } catch (error) {
    say({ type: 'failed', why: error instanceof Error ? error.message : String(error) });
  }
  process.disconnect();
}

function say(word: Word): void {
  // A parent that is gone hears nothing, and need not.
  process.send?.(word, undefined, undefined, () => {});
}
