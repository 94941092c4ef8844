/**
 * Points in the behaviours that tests must reach: rare courses that a good simulation takes sooner or later. A point
 * that no run reaches is a test that does not exist. Nobody listens in production.
 */

export const POINTS = [
  'a commit loses to a write',
  'a commit loses because of what it has read',
  'a conflict ends its runner',
  'a commit of no bytes takes a version',
  'the machine has no room for newborns',
  'an old snapshot is given up for memory',
  'a commit waits for old versions to be collected',
  'a commit that waited for memory is decided',
  'a lost compartment is forgiven',
  'compartments have died too often under a runner',
  'an end that is no commit takes a version',
  'a watcher was touched before it was armed',
  'a commit touches several watchers',
  'an activation is heard twice',
  'a persistent watcher gets an activation',
  'a persistent watcher watches again',
  'a persistent watcher ends',
  'several runners go in one batch',
  'an agent that holds runners ready hears news',
  'the floor rises during a run',
  'a runner begins to starve',
  'a runner waits for one that starves',
  'a runner waits for room at an agent',
  'the end of an earlier attempt comes late',
  'a commit request is repeated while it waits',
  'a runner comes back without having started',
  'a stream tells that its ring is full',
  'a node dies under its runners',
  'a node is back before its death is known',
  'a join is heard twice',
  'a round of several runners is decided',
  'an arrival waits for the end of a round',
  'a program is cancelled under running attempts',
  'an output fails',
  'a dispatch is meant for an earlier incarnation',
  'a batch is heard twice',
  'a page is taken from the cache',
  'a cached page is asked for again',
  'a home answers that a page is the same',
  'the cache has dropped what a home vouches for',
  'an attempt needs pages after its start',
  'a home has collected what a start needs',
  'a home has collected what a running attempt needs',
  'an RComp dies under an attempt',
  'an end comes after its RComp is lost',
  'a waiting assignment is revoked',
  'an attempt is revoked before it has started',
  'a running attempt is revoked',
  'a fetch waits for a version',
  'a decision is heard twice',
  'a stage is heard twice, or too late',
  'a start is heard twice',
  'pages are heard twice',
  'a need is heard twice',
  'a start finds an incumbent',
  'an attempt goes to a compartment',
  'a compartment dies under an attempt',
  'an attempt is stopped while it stages',
  'a word comes for an attempt that is gone',
  'a ring wraps around',
  'output is heard twice',
  'nothing is begun while an output is full',
  'somebody else keeps the pages of what is being staged',
  'pages are asked for again, of another replica',
  'a commit request was staged before another replica came',
  'a commit that waits was staged before another replica came',
  'a decision comes while its home is copied',
  'a home is copied in several parts',
  'a part is heard twice',
  'a part is asked for by who will need no more',
  'a copy begins anew, from another replica',
  'a node dies with pages that others keep, too',
  'a node dies from which another copies',
  'a node is relieved of pages',
  'a node keeps what it need not keep any more',
  'a node is asked to keep what its earlier life should have kept',
  'an end that waits for its round was staged before another replica came',
  'a stage is meant for an earlier replica',
] as const;

export type Point = (typeof POINTS)[number];

let listener: ((point: Point) => void) | null = null;

/** This point has been reached. */
export function sometimes(point: Point): void {
  listener?.(point);
}

/** Who hears of reached points; null: nobody. There is one at a time. */
export function listenForPoints(heard: ((point: Point) => void) | null): void {
  listener = heard;
}
