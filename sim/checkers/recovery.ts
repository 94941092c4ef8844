/** I28: a program that begins anew from its log is the one that its log tells of. */

import type { TraceEvent } from '../../src/actors/trace-event.ts';
import { runnerText } from '../names.ts';
import type { Checker } from './checker.ts';
import { extentsText } from './texts.ts';

type Commit = Extract<TraceEvent, { readonly type: 'commit' }>;

export const recovery: Checker = {
  id: 'I28',
  sentence: 'what survives a crash of the master is decided again, and nothing else is',
  watch: ({ log }) => ({
    *restarted({ events, version }) {
      if (version !== log.length) yield `the new master is at version ${version}, the log at ${log.length}`;
      for (const event of events) {
        if (event.type !== 'commit') continue;
        const before = log[event.version - 1];
        const [was, is] = [before === undefined ? 'nothing' : commitText(before), commitText(event)];
        if (was !== is) yield `version ${event.version} was ${was} and is ${is}`;
      }
    },
  }),
};

/** Without the epoch: a record of how a runner ended is written in that of whoever reads of it. */
function commitText({ attempt: { runner, number }, sv, spans, record }: Commit): string {
  const records = record.flatMap(({ runs }) => runs.map(({ address, bytes }) => `${address}: ${bytes}`));
  return `${runnerText(runner)}.${number} at ${sv}, ${extentsText(spans)}, record [${records}]`;
}
