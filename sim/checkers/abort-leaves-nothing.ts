/** I14, rule 11: what was not decided has never been. */

import { FIRST_RUNNER_ID } from '../../src/memory/ids.ts';
import { attemptText } from '../names.ts';
import { outputOf } from '../result.ts';
import { type Checker, NOTHING } from './checker.ts';
import { hex } from './texts.ts';

export const abortLeavesNothing: Checker = {
  id: 'I14',
  sentence: 'no byte, child or output of an attempt that was not decided is anywhere',
  watch: (evidence) => {
    const expected = { stdout: [] as number[], stderr: [] as number[] };
    const { ios } = evidence.setting;
    return {
      delivered: {
        *'device-write'({ to, message: { offset, bytes } }) {
          const io = ios[Number(to.id)];
          if (io?.type !== 'channel') return;
          const decided = expected[io.channel].slice(offset, offset + bytes.length);
          if (bytes.join() !== decided.join())
            yield `${io.channel} gets [${bytes}] at offset ${offset}, where what is decided prints [${decided}]`;
        },
      },
      committed({ version, attempt, record, rerun }) {
        if (rerun !== null) {
          for (const { channel, bytes } of rerun.model.output) expected[channel].push(...bytes);
          return NOTHING;
        }
        const other = evidence.rerunOf(attempt);
        if (other !== undefined)
          return [`version ${version} is of ${attemptText(attempt)}, which ended ${other.event.end.type}`];
        if (record.length === 0 && attempt.runner >= FIRST_RUNNER_ID)
          return [`version ${version} is of ${attemptText(attempt)}, which never ran`];
        return NOTHING;
      },
      *over(result) {
        const { memory } = evidence;
        for (const address of memory.addresses()) {
          const [byte, wanted] = [result.byteAt(address), memory.at(address, memory.version)];
          if (byte !== wanted) yield `at the end ${hex(address)} holds ${byte}, not ${wanted}`;
        }
        if (result.summary.status !== 'done' || evidence.overrun) return;
        for (const channel of ['stdout', 'stderr'] as const) {
          const actual = outputOf(result, channel);
          if (actual.join() !== expected[channel].join())
            yield `${channel} is [${actual}], not [${expected[channel]}]`;
        }
        yield* result.rewritten.map((what) => `output is written twice, at ${what}`);
      },
    };
  },
};
