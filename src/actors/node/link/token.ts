/** Shared secrets: who may connect as what. A token is never sent; both sides prove that they hold it (RFC 2104). */

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What the holder may do: be a node; run and cancel programs; look. */
export const ROLES = ['node', 'client', 'reader'] as const;
export type Role = (typeof ROLES)[number];

const SECRET_BYTES = 32;
const NONCE_BYTES = 18;
const TEXT = /^dvm-(node|client|reader)-([A-Za-z0-9_-]{43})$/;

export class Token {
  readonly role: Role;
  readonly #secret: Buffer;

  private constructor(role: Role, secret: Buffer) {
    this.role = role;
    this.#secret = secret;
  }

  /** Drawn by the system's generator. */
  static draw(role: Role): Token {
    return new Token(role, randomBytes(SECRET_BYTES));
  }

  /** Null for a text that is no token. */
  static parse(text: string): Token | null {
    const match = TEXT.exec(text.trim());
    return match === null ? null : new Token(match[1] as Role, Buffer.from(match[2]!, 'base64url'));
  }

  /** For a file that nobody else may read; nothing else shows the secret. */
  get text(): string {
    return `dvm-${this.role}-${this.#secret.toString('base64url')}`;
  }

  /** That the holder of the token has said these parts, none of which has a space. */
  prove(...parts: readonly string[]): string {
    return createHmac('sha256', this.#secret).update(parts.join(' ')).digest('base64url');
  }

  /** In a time that tells nothing of how much of the proof is right. */
  isProof(proof: string, ...parts: readonly string[]): boolean {
    const [given, right] = [Buffer.from(proof), Buffer.from(this.prove(...parts))];
    return given.length === right.length && timingSafeEqual(given, right);
  }

  /** In a time that tells nothing of how much of it is right. */
  isSame(other: Token): boolean {
    return this.role === other.role && timingSafeEqual(this.#secret, other.#secret);
  }

  /** What is logged by accident tells no secret. */
  toJSON(): string {
    return `a ${this.role} token`;
  }
}

export function drawNonce(): string {
  return randomBytes(NONCE_BYTES).toString('base64url');
}
