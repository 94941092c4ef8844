/** Makes a failing trial smaller for as long as it fails in the same way. */

import type { DraftInstruction, DraftOperand, Line } from './draft.ts';
import { without } from './draft.ts';
import type { Trial } from './trial.ts';

/** `fails`: whether a trial still shows what is looked for. At most `tries` are asked for. */
export function minimise(trial: Trial, fails: (trial: Trial) => boolean, tries = 3000): Trial {
  let smallest = trial;
  let left = tries;
  const accept = (candidate: Trial): boolean => {
    if (left <= 0) return false;
    left -= 1;
    if (!failsSafely(candidate, fails)) return false;
    smallest = candidate;
    return true;
  };
  for (let before: Trial | null = null; before !== smallest && left > 0; ) {
    before = smallest;
    for (const knob of KNOBS) {
      const candidate = knob(smallest);
      if (candidate !== null) accept(candidate);
    }
    dropLines(() => smallest, accept);
    dropWords(() => smallest, accept);
    simplifyLines(() => smallest, accept);
  }
  return smallest;
}

/** A candidate may be no program at all, its operands moved out of the address space. */
function failsSafely(candidate: Trial, fails: (trial: Trial) => boolean): boolean {
  try {
    return fails(candidate);
  } catch {
    return false;
  }
}

type Accept = (candidate: Trial) => boolean;

/** One knob set to what is plain; null where it is. */
const KNOBS: readonly ((trial: Trial) => Trial | null)[] = [
  (trial) => (trial.budgets[0] === PLAIN_BUDGET ? null : { ...trial, budgets: [PLAIN_BUDGET] }),
  (trial) => (trial.pages === 'ahead' ? null : { ...trial, pages: 'ahead' }),
  (trial) => (trial.linear === 'large' ? null : { ...trial, linear: 'large' }),
  (trial) => (trial.again ? { ...trial, again: false } : null),
  (trial) => (trial.fuel === 20_000 ? null : { ...trial, fuel: 20_000 }),
  (trial) => (trial.fuel > 1000 ? { ...trial, fuel: 1000 } : null),
  (trial) => (trial.ground.serializable ? grounded(trial, { serializable: false }) : null),
  (trial) => (trial.ground.merge === null ? null : grounded(trial, { merge: null })),
  (trial) => (trial.ground.image.length === 0 ? null : grounded(trial, { image: [] })),
  (trial) => (trial.ground.codeInHeap === 'no' ? null : grounded(trial, { codeInHeap: 'no' })),
  (trial) => configured(trial, { lazyReads: false }),
  (trial) => configured(trial, { pageSize: 4096 }),
];

const PLAIN_BUDGET = Number.MAX_SAFE_INTEGER;

function grounded(trial: Trial, said: Partial<Trial['ground']>): Trial {
  return { ...trial, ground: { ...trial.ground, ...said } };
}

function configured(trial: Trial, said: Partial<Trial['ground']['config']>): Trial | null {
  const { config } = trial.ground;
  const differs = Object.entries(said).some(([key, value]) => config[key as keyof typeof config] !== value);
  return differs ? grounded(trial, { config: { ...config, ...said } }) : null;
}

function withLines(trial: Trial, lines: readonly Line[]): Trial {
  return { ...trial, program: { ...trial.program, lines } };
}

/** Halves, quarters and so on down to single lines, from the end. */
function dropLines(current: () => Trial, accept: Accept): void {
  for (let size = current().program.lines.length >>> 1; size >= 1; size >>>= 1) {
    for (let at = current().program.lines.length - size; at >= 0; at -= size) {
      const dropped = new Set(Array.from({ length: size }, (_, i) => at + i));
      accept(withLines(current(), without(current().program.lines, dropped)));
    }
  }
}

function dropWords(current: () => Trial, accept: Accept): void {
  for (let at = current().program.words.length - 1; at >= 0; at -= 1) {
    const { program } = current();
    accept({ ...current(), program: { ...program, words: program.words.filter((_, i) => i !== at) } });
  }
}

/** Smaller immediates, no displacements, registers for sources. */
function simplifyLines(current: () => Trial, accept: Accept): void {
  for (let at = 0; at < current().program.lines.length; at += 1) {
    const line = current().program.lines[at]!;
    if (line.code instanceof Uint8Array) continue;
    for (let i = 0; i < line.code.operands.length; i += 1) {
      for (const simpler of simplerOperands(line.code.operands[i]!)) {
        const { code } = current().program.lines[at]! as { code: DraftInstruction };
        const operands = code.operands.map((operand, j) => (j === i ? simpler : operand));
        const lines = current().program.lines.map((other, j) =>
          j === at ? { labels: line.labels, code: { ...code, operands } } : other,
        );
        if (accept(withLines(current(), lines))) break;
      }
    }
  }
}

function simplerOperands(operand: DraftOperand): DraftOperand[] {
  if (operand.label !== undefined) return [];
  switch (operand.mode) {
    case 'immediate':
      return [0n, 1n, 2n, 3n, operand.bits >> 1n, operand.bits >> 8n]
        .filter((bits) => bits < operand.bits)
        .map((bits) => ({ mode: 'immediate', bits }));
    case 'direct':
      return [];
    case 'indirect':
      return [{ mode: 'direct', address: operand.pointer }];
    case 'displacement':
      return [{ mode: 'indirect', pointer: operand.pointer }];
  }
}
