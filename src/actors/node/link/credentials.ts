/**
 * How two sides of a connection show each other that they hold the same token. A stranger is answered 401 with a nonce;
 * asks again with a proof over that nonce, one of its own, and who it says it is; and is let in with a proof in return.
 * All of it is in HTTP headers: before it is done, nothing else is read.
 */

import type { IncomingHttpHeaders } from 'node:http';
import { Challenges } from './challenges.ts';
import { drawNonce, type Role, Token } from './token.ts';

const SCHEME = 'DVM';

/** The proof of who lets in. */
export const PROOF_HEADER = 'dvm-proof';

const CHALLENGE = /^DVM ([A-Za-z0-9_-]{24})$/;
const ANSWER = /^DVM ([A-Za-z0-9_-]{24}) ([A-Za-z0-9_-]{24}) ([A-Za-z0-9_-]{43})$/;

const BEARER = /^Bearer (\S+)$/;

/** Unanswered challenges that are kept. */
const OPEN_CHALLENGES = 1_024;

export type Admission =
  | { readonly let: 'in'; readonly role: Role | null; readonly headers: readonly string[] }
  | { readonly let: 'try'; readonly headers: readonly string[] }
  | { readonly let: 'out' };

/** The side that lets in. */
export class Gate {
  readonly #tokens: readonly Token[];
  readonly #challenges: Challenges;

  /** Without tokens everybody is let in. `milliseconds`: for the answer to a challenge. */
  constructor(tokens: readonly Token[], milliseconds: number) {
    this.#tokens = tokens;
    this.#challenges = new Challenges(milliseconds, OPEN_CHALLENGES);
  }

  /** Whether everybody is let in. */
  get isOpen(): boolean {
    return this.#tokens.length === 0;
  }

  /**
   * Whether somebody who shows a token itself, as whoever collects metrics does (RFC 6750), is a reader that is let in, to all
   * that readers may ask. Only for connections that nobody reads along.
   */
  isReader(authorization: string): boolean {
    const shown = Token.parse(BEARER.exec(authorization)?.[1] ?? '');
    return shown?.role === 'reader' && this.#tokens.some((token) => token.isSame(shown));
  }

  /** `claim`: what else the stranger says of itself, which the proof covers. */
  admit({ authorization }: IncomingHttpHeaders, claim: string, now: number): Admission {
    if (this.#tokens.length === 0) return { let: 'in', role: null, headers: [] };
    if (authorization === undefined)
      return { let: 'try', headers: [`WWW-Authenticate: ${SCHEME} ${this.#challenges.give(now)}`] };
    const match = ANSWER.exec(authorization);
    if (match === null) return { let: 'out' };
    const [, nonce, other, proof] = match as unknown as [string, string, string, string];
    if (!this.#challenges.take(nonce, now)) return { let: 'out' };
    const token = this.#tokens.find((one) => one.isProof(proof, 'ask', nonce, other, claim));
    if (token === undefined) return { let: 'out' };
    return {
      let: 'in',
      role: token.role,
      headers: [`${PROOF_HEADER}: ${token.prove('let-in', other, nonce, claim)}`],
    };
  }
}

/** The side that asks to be let in; once for each connection. */
export class Asking {
  readonly #token: Token;
  readonly #claim: string;
  readonly #nonce = drawNonce();
  #challenge = '';

  constructor(token: Token, claim: string) {
    this.#token = token;
    this.#claim = claim;
  }

  /** The header that answers a challenge; null if that is none of ours. */
  answer(challenge: string | undefined): string | null {
    const match = CHALLENGE.exec(challenge ?? '');
    if (match === null) return null;
    this.#challenge = match[1]!;
    const proof = this.#token.prove('ask', this.#challenge, this.#nonce, this.#claim);
    return `${SCHEME} ${this.#challenge} ${this.#nonce} ${proof}`;
  }

  /** Whether whoever let us in holds the token as well. */
  isTrusted(proof: unknown): boolean {
    return (
      typeof proof === 'string' &&
      this.#token.isProof(proof, 'let-in', this.#nonce, this.#challenge, this.#claim)
    );
  }
}
