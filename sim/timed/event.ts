/** What is to happen in a simulated cluster. */

import type { Mishap } from '../mishap.ts';
import type { Flight } from './flight.ts';
import type { Link } from './link.ts';
import type { Processor } from './processor.ts';

export type Event =
  /** The message arrives at its node. */
  | { readonly what: 'flight'; readonly flight: Flight }
  /** The processor has time for what waits. */
  | { readonly what: 'wake'; readonly processor: Processor }
  /** The link is no longer cut, or it is time to see whether it is. */
  | { readonly what: 'mend'; readonly link: Link }
  /** What has waited there goes on. */
  | { readonly what: 'release'; readonly link: Link }
  | { readonly what: 'mishap'; readonly mishap: Mishap };
