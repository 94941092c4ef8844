/** I36: what is found in the simulator is true of production, since nact gives the same for the same order. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HOSTED_KINDS } from '../../src/actors/node/host.ts';
import { anyCase, textOfCase } from '../support/cases.ts';
import { runs } from '../support/runs.ts';
import { type Account, difference } from '../support/runtimes/account.ts';
import { runOnBoth } from '../support/runtimes/both.ts';

/** Programs that reach no limit: those that do seldom conflict, and are hosted like any other. */
const anyHosted = anyCase.map(({ knobs, ...rest }) => ({
  ...rest,
  knobs: { ...knobs, children: 65_536, runners: 1_000_000 },
}));

/** Milliseconds, on any machine. */
const SHRINKING_INCLUDED = 600_000;

it(
  'the same choices through the simulator and through nact (its `setImmediate` intercepted) give the same log',
  async () => {
    let cases = 0;
    let conflicting = 0;
    await fc.assert(
      fc.asyncProperty(anyHosted, async (drawn) => {
        const { simulated, hosted, addresses } = await runOnBoth(drawn);

        const parting = difference(simulated, hosted, addresses);
        if (parting !== null) expect.fail(`${parting}\n${textOfCase(drawn)}`);
        expect(hosted.dispatched).toBe(simulated.deliveries.filter(isHosted).length);
        cases += 1;
        if (hosted.summary.counts.conflicts > 0) conflicting += 1;
      }),
      runs(200),
    );

    expect(conflicting, 'cases in which the order matters').toBeGreaterThanOrEqual(cases * 0.2);
  },
  SHRINKING_INCLUDED,
);

function isHosted({ to }: Account['deliveries'][number]): boolean {
  return HOSTED_KINDS.some((kind) => kind === to.kind);
}
