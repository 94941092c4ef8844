/** Whatever the program, the machine and the order of messages: what must hold. */

import { describeInvariants } from '../support/invariants.ts';

describeInvariants('drawn programs and orders of messages', 0x5eed);
