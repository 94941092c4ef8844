/** What a history can show that no snapshot isolation, or no serial order, explains. */

/** The phenomena by their names in the literature (Adya; Cerone and Gotsman; Kingsbury and Alvaro). */
export const SENTENCES = {
  'duplicate-commit': 'a transaction commits twice',
  'garbage-read': 'a read has a value that nobody appended',
  'duplicate-append': 'a read has a value twice',
  'lost-append': 'a committed append is missing from all reads, also from later ones',
  internal: 'a transaction disagrees with its own reads and appends',
  'incompatible-order': 'of two reads of a key, neither is a prefix of the other',
  G0: 'dirty write: writes of transactions interleave',
  G1a: 'aborted read: a read has a value of a transaction that aborted',
  G1b: "intermediate read: a read has a part of a transaction's appends to a key",
  G1c: 'circular information flow: transactions see or overwrite each other in a circle',
  'lost-update': 'lost update: a transaction appends to a list that has changed since it read it',
  'G-single': 'read skew: a transaction sees a part of what another one did, or of what came before it',
  'long-fork': 'long fork: two readers see two writes in opposite orders',
  'G-nonadjacent':
    'a circle with several anti-dependencies, no two of them neighbours, which no snapshots explain',
  'write-skew': 'write skew: two transactions each overwrite what the other one read',
  G2: 'a circle with neighbouring anti-dependencies: snapshots explain it, no serial order does',
} as const;

export type Phenomenon = keyof typeof SENTENCES;

/** What else a circle needs: that somebody began after another's commit, or that the order of commits is known. */
export type Scope = '' | '-session' | '-order';

export interface Anomaly {
  readonly name: `${Phenomenon}${Scope}`;
  readonly sentence: string;
  /** The transactions, and in words what connects them. */
  readonly transactions: readonly number[];
  readonly witness: readonly string[];
}

export function anomaly(
  phenomenon: Phenomenon,
  transactions: readonly number[],
  witness: readonly string[],
  scope: Scope = '',
): Anomaly {
  return { name: `${phenomenon}${scope}`, sentence: SENTENCES[phenomenon], transactions, witness };
}

/** An anomaly as a person reads it: the name and the sentence, then a line for each step. */
export function textOfAnomaly({ name, sentence, witness }: Anomaly): string {
  return [`${name}: ${sentence}`, ...witness.map((line) => `  ${line}`)].join('\n');
}
