/** The same properties with a seed that is new each time; a failure prints what to paste. */

import { describeInvariants } from '../support/invariants.ts';

describeInvariants('as many cases of a fresh seed', Math.floor(Math.random() * 2 ** 31));
