/**
 * I10, and the second half of I9: whatever a home vouches for is so. Danger: an answer is cached. A home that says "this
 * holds through 7" before it has applied version 7 misleads an attempt that starts long after.
 */

import type { FetchedPage } from '../../src/actors/protocol.ts';
import type { Evidence } from '../evidence.ts';
import { within } from '../model/extent.ts';
import type { Checker } from './checker.ts';
import { hex } from './texts.ts';

export const homeRefinement: Checker = {
  id: 'I10',
  sentence: 'a page that a home answers with is that of M_v for every version v that the home vouches for',
  watch: (evidence) => ({
    sent: {
      fetched: ({ from, to, message: { pages, at } }) =>
        pages.flatMap((page) => {
          // Who asks for the newest content, whatever its version, keeps none of it. Agents do not.
          const wrong =
            to.kind !== 'agent' && at > evidence.memory.version
              ? whatIsWrong(evidence, { ...page, through: page.from }, page.from)
              : whatIsWrong(evidence, page, at);
          return wrong === null ? [] : [`home ${from.id} answers ${page.page} at ${at}: ${wrong}`];
        }),
    },
  }),
};

function whatIsWrong(evidence: Evidence, answer: FetchedPage, at: number): string | null {
  const { memory } = evidence;
  const { page, state, from, through } = answer;
  if (state === 'too-old') return null;
  if (at < from || at > through) return `it vouches for ${from} to ${through}`;
  if (through > memory.version && !neverChanges(evidence, page))
    return `it vouches for ${through}, decided ${memory.version}`;
  const length = evidence.setting.config.pageSize;
  const extent = { base: page * length, length };
  const bytes = contentOf(evidence, answer);
  for (const version of [from, ...memory.changes([extent], from, through)]) {
    const address = memory.difference(extent.base, bytes, version);
    if (address !== null)
      return `${hex(address)} is ${memory.at(address, version)} in version ${version}, not ${bytes[address - extent.base]}`;
  }
  return null;
}

/** `same`: the asker has it, and it was right when the home first answered with it. */
function contentOf({ memory, setting }: Evidence, { page, state, bytes, from }: FetchedPage): Uint8Array {
  const { pageSize } = setting.config;
  if (state === 'bytes') return bytes;
  return state === 'zero' ? new Uint8Array(pageSize) : memory.bytes(page * pageSize, pageSize, from);
}

/** Whether an input file covers the page: nobody writes there, so its home vouches for it for ever. */
function neverChanges({ setting }: Evidence, page: number): boolean {
  const { pageSize } = setting.config;
  const [first, last] = [page * pageSize, (page + 1) * pageSize - 1];
  return setting.map.files.some((file) => within([file], first) && within([file], last));
}
