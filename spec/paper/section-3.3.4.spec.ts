/** Sections 3.3.4 and 3.4, task dependency and I/O: the sentences that promise behaviour. */

import { describe, expect, test } from 'vitest';
import { Machine } from '../../src/index.ts';
import { CELLS, slices, wait, X, Y } from '../support/cells.ts';
import { departs, heldBy } from '../support/paper.ts';
import { family, happened, programOf, runOrders, runSource, textIn, wordAt } from '../support/scenario.ts';

const copy = `copy: mov X, Y\nexit:c`;
const watcher = { code: 'copy', heap: ['Y, 8'], watched: ['X, 8'] };

describe('3.3.4 Task dependency', () => {
  test('"a watcher W is not schedulable until other runners or watchers change specific memory ranges that are "watched" by W"', () => {
    const lonely = runSource(family({ watcher }, `${CELLS}\n${copy}`));
    const source = family(
      { watcher, writer: { code: 'writer', heap: ['X, 8'] } },
      `${CELLS}\n${copy}\nwriter: mov $5, X\nexit:c`,
    );

    expect(lonely.summary.watchers).toMatchObject([{ ranges: [{ base: X, length: 8 }] }]);
    expect(happened(lonely, 'start')).toHaveLength(1);
    for (const result of runOrders(source, 40, { config: slices })) {
      expect(wordAt(result, Y)).toBe(5n);
      expect(result.summary.watchers).toEqual([]);
    }
  });

  test('"the watched_range_count field in the RCB [...], which stores the number of watched ranges (0 for a regular runner), to distinguish a watcher from a regular runner"', () => {
    const result = runSource(
      family(
        {
          plain: { code: 'one', heap: ['X, 8'] },
          watcher: { code: 'one', heap: ['Y, 8'], watched: ['Y, 8'] },
        },
        `${CELLS}\none: mov (ctx.heap_list), r0\nmov $1, (r0)\nexit:c`,
      ),
    );

    expect([wordAt(result, X), wordAt(result, Y)]).toEqual([1n, 0n]);
  });

  departs(
    'When R exits and commits, W is enabled by the scheduler (transition to the "watching" state in Figure 3).',
    '0013-watch-from-the-snapshot',
  );
  heldBy(
    '"W is enabled by the scheduler": no commit after its creator\'s snapshot is missed',
    'spec/examples/lost-wakeup.spec.ts',
    'a watcher watches from its creator’s sv',
  );

  test('"When some other runners or watchers write W\'s watched ranges and commit the changes to the global memory space, the memory subsystem notifies the scheduler, and the scheduler moves W to the runner pool, making it schedulable."', () => {
    const chain = family(
      {
        first: { code: 'first', heap: ['X, 8'] },
        second: watcher,
        third: { code: 'third', heap: ['SEEN, 8'], watched: ['Y, 8'] },
        aborting: { code: 'aborting', heap: ['X, 8'] },
      },
      `${CELLS}
${copy}
first: mov $5, X
exit:c
third: add Y, $1, SEEN
exit:c
aborting: mov $6, X
exit:a`,
    );
    for (const result of runOrders(chain, 40, { config: slices })) {
      expect(wordAt(result, Y)).toBe(5n);
      expect(wordAt(result, Y + 0x10_0000)).toBe(6n);
      expect(happened(result, 'fired')).toHaveLength(2);
    }
  });

  heldBy(
    '"programmers can easily construct programs for not only embarrassingly parallel but also complex, iterative, or even interactive computation"',
    'spec/examples/pipeline.spec.ts',
    'each line is answered as it arrives, before the next one is there',
  );
});

describe('3.4 I/O, signals and system services', () => {
  test('"all DISA\'s memory access instructions can also be used for I/O"', () => {
    const result = runSource(`
.entry main
main:
mov $'m':ub, ctx.stdout
add $'a':ub, $0, ctx.stdout
mul $5:ub, $'\\n', ctx.stdout
div $'n' * 2:ub, $2, ctx.stdout
bl over, 0x1000
over:
mov $ctx.stdout, r0
xor $'w' ^ 1:ub, $1, (r0)
exit:c
`);

    expect(textIn(result)).toBe('ma2nw');
  });

  test('"runners (watchers) can "watch" these memory ranges to get notified"', async () => {
    const program = programOf(
      family(
        { watcher: { code: 'told', watched: ['0x3f0000000018, 8'] }, busy: { code: 'busy' } },
        `told: add 0x3f0000000018:ub, $'0', ctx.stdout\nexit:c\nbusy: ${wait('linger', 100_000)}\nexit:c`,
      ),
    );
    await using machine = new Machine(program);
    machine.on('commit', ({ version }) => {
      if (version === 1) machine.raise('shutdownAsked');
    });
    const { stdout } = await machine.run();

    expect(Buffer.from(stdout).toString()).toBe('1');
  });
});
