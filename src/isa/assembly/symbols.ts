/** Labels, `.equ` names, and the names that the machine predefines. */

import type { Layout } from '../layout.ts';
import { predefinedNames } from '../predefined.ts';
import { evaluate, type Lookup } from './evaluate.ts';
import type { Expression } from './expression.ts';
import { SourceError, type SourceLine, type Span } from './source.ts';
import { nearest } from './suggest.ts';
import type { Value } from './value.ts';

/** A value that could not be had and has been reported where it was defined; its uses are not mistakes. */
export const POISONED = Symbol('poisoned');

/** An `.equ` whose value may depend on names that are not defined yet. */
export interface Equation {
  readonly kind: 'equation';
  readonly line: SourceLine;
  readonly at: Span;
  readonly expression: Expression | null;
  value: Value | typeof POISONED | null;
}

interface LabelSymbol {
  readonly kind: 'label';
  readonly line: SourceLine;
  readonly at: Span;
  readonly address: number;
}

/** `.equ` names that refer to `.equ` names further down, in a chain longer than this, are refused. */
const LONGEST_CHAIN = 32;

/** Undefined names beyond this many get no "did you mean": each costs a look at every name there is. */
const MAX_GUESSES = 64;

export class Symbols {
  readonly names = new Map<string, LabelSymbol | Equation>();
  #predefined: ReadonlyMap<string, number> = new Map();
  readonly #chain: string[] = [];
  readonly #refuse: (line: SourceLine, error: SourceError) => void;
  #guesses = 0;

  /** `refuse` hears of every `.equ` that has no value. */
  constructor(refuse: (line: SourceLine, error: SourceError) => void) {
    this.#refuse = refuse;
  }

  /** Defines `r0`, `ctx.id` and so on. */
  predefine(layout: Layout): void {
    this.#predefined = predefinedNames(layout);
  }

  /** Throws where the name is taken; the first definition stands. */
  defineLabel(name: string, line: SourceLine, at: Span, address: number, where: Where): void {
    this.#checkFree(name, at, where);
    this.names.set(name, { kind: 'label', line, at, address });
  }

  /** Throws where the name is taken. Without an expression the name is known, but any use of it is passed over. */
  defineEquation(
    name: string,
    line: SourceLine,
    at: Span,
    expression: Expression | null,
    where: Where,
  ): void {
    this.#checkFree(name, at, where);
    const value = expression === null ? POISONED : null;
    this.names.set(name, { kind: 'equation', line, at, expression, value });
  }

  /** The value of a name once all are defined; throws `POISONED` where its definition was refused. */
  readonly lookup: Lookup = (name, at) => {
    const symbol = this.names.get(name);
    if (symbol?.kind === 'label') return symbol.address;
    if (symbol?.kind === 'equation') {
      if (symbol.value === null) this.#settle(name, symbol, at);
      if (symbol.value === POISONED) throw POISONED;
      return symbol.value!;
    }
    const address = this.#predefined.get(name);
    if (address !== undefined) return address;
    throw new SourceError('DE0301', at, `\`${name}\` is not defined`, this.#guess(name));
  };

  /** As `lookup`, while names further down are still unknown. */
  readonly lookupSoFar: Lookup = (name, at) => {
    const symbol = this.names.get(name);
    if (symbol?.kind === 'label') return symbol.address;
    if (symbol?.kind === 'equation') {
      if (symbol.value === POISONED) throw POISONED;
      return symbol.value ?? this.#tryNow(name, symbol, at);
    }
    const address = this.#predefined.get(name);
    if (address !== undefined) return address;
    throw new SourceError(
      'DE0314',
      at,
      `\`${name}\` is not known before this line`,
      'what follows depends on this value, so it may only use names from above',
    );
  };

  /** Gives every equation its value, or reports why it has none. */
  settleEquations(): void {
    for (const [name, symbol] of this.names) {
      if (symbol.kind === 'equation' && symbol.value === null) this.#settle(name, symbol, symbol.at);
    }
  }

  #settle(name: string, symbol: Equation, use: Span): void {
    this.#enter(name, use);
    try {
      symbol.value = evaluate(symbol.expression!, this.lookup);
    } catch (error) {
      symbol.value = POISONED;
      if (error instanceof SourceError) this.#refuse(symbol.line, error);
      else if (error !== POISONED) throw error;
    } finally {
      this.#chain.pop();
    }
  }

  /** Evaluates with the names so far. What fails is blamed on the use, since it may succeed once all names are known. */
  #tryNow(name: string, symbol: Equation, use: Span): Value {
    this.#enter(name, use);
    try {
      symbol.value = evaluate(symbol.expression!, this.lookupSoFar);
      return symbol.value;
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      throw new SourceError(error.code, use, error.message, error.hint);
    } finally {
      this.#chain.pop();
    }
  }

  #enter(name: string, use: Span): void {
    const start = this.#chain.indexOf(name);
    if (start >= 0) {
      const circle = [...this.#chain.slice(start), name];
      throw new SourceError('DE0313', use, `\`${name}\` is defined by itself`, circle.join(' needs '));
    }
    if (this.#chain.length >= LONGEST_CHAIN) {
      throw new SourceError(
        'DE0315',
        use,
        `more than ${LONGEST_CHAIN} .equ names in a row refer to names further down`,
        'define a name above its uses',
      );
    }
    this.#chain.push(name);
  }

  #checkFree(name: string, at: Span, where: Where): void {
    if (this.#predefined.has(name)) {
      throw new SourceError('DE0303', at, `\`${name}\` is predefined`, 'choose another name');
    }
    const symbol = this.names.get(name);
    if (symbol === undefined) return;
    throw new SourceError(
      'DE0302',
      at,
      `\`${name}\` is defined twice`,
      `it is first defined at ${where(symbol.line)}`,
    );
  }

  #guess(name: string): string | null {
    if (/^\.\d+$/.test(name)) return `a float is written 0${name}`;
    if (this.#guesses++ >= MAX_GUESSES) return null;
    const guess = nearest(name, this.#candidates());
    return guess === null ? null : `did you mean \`${guess}\`?`;
  }

  *#candidates(): Iterable<string> {
    yield* this.names.keys();
    yield* this.#predefined.keys();
  }
}

/** `file:line` of a line. */
export type Where = (line: SourceLine) => string;
