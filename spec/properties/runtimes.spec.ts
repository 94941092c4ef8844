/** I36: nact in production, the simulator in drawn orders; what is true in one must be true in the other. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyCase, textOfCase } from '../support/cases.ts';
import { runs } from '../support/runs.ts';
import { difference } from '../support/runtimes/account.ts';
import { runOnBoth } from '../support/runtimes/both.ts';

it('the same choices through the simulator and through nact (its `setImmediate` intercepted) give the same log', async () => {
  let cases = 0;
  let conflicting = 0;
  await fc.assert(
    fc.asyncProperty(anyCase, async (drawn) => {
      const { simulated, hosted, addresses } = await runOnBoth(drawn);

      const where = difference(simulated, hosted, addresses);
      if (where !== null) expect.fail(`${where}\n${textOfCase(drawn)}`);
      expect(hosted.dispatched).toBeGreaterThan(0);
      cases += 1;
      if (hosted.summary.counts.conflicts > 0) conflicting += 1;
    }),
    runs(100),
  );

  // Orders matter to them.
  expect(conflicting).toBeGreaterThanOrEqual(cases * 0.2);
});
