/** One message under way. */

import type { Envelope } from '../network.ts';
import type { Link } from './link.ts';
import type { Place } from './roster.ts';

export interface Flight {
  readonly envelope: Envelope;
  readonly from: Place;
  readonly to: Place;
  /** The link between two nodes that it crosses; null within a node. */
  readonly link: Link | null;
  readonly repeated: boolean;
  readonly deadly: boolean;
  /** Counts all messages of a run. */
  readonly number: number;
  /** How often its receiver had died when it was sent. */
  readonly deaths: number;
}
