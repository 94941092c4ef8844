/** What runners did to append-only lists, as far as the outside can tell: plain data, with nothing of the machine in it. */

/** In the transaction's program order. A value is appended to a key once in the whole history. */
export type Op =
  | { readonly type: 'append'; readonly key: number; readonly value: number }
  /** `update`: the list was also stored back as it was, so the key counts as written. */
  | {
      readonly type: 'read';
      readonly key: number;
      readonly list: readonly number[];
      readonly update?: boolean;
    };

/** One runner. Ops of those that aborted are what they may have tried; their reads say nothing. */
export interface Transaction {
  readonly id: number;
  readonly fate: 'committed' | 'aborted';
  readonly ops: readonly Op[];
  /** Transactions whose commits were acknowledged before this one began. */
  readonly after?: readonly number[];
}

export interface History {
  readonly transactions: readonly Transaction[];
  /** Committed transactions in the order of their commits, where the outside knows it. */
  readonly commitOrder?: readonly number[];
}
