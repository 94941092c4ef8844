/** What programs mean, in each way to execute them. A difference is a named skip. */

import { afterAll, describe, expect, test } from 'vitest';
import { at, build, imm, off, via } from '../../sim/programs/build.ts';
import { faultNumber } from '../../src/isa/fault.ts';
import type { Instruction } from '../../src/isa/instructions.ts';
import type { Cpu, Stop } from '../../src/isa/interpreter.ts';
import { ADDRESS_LIMIT, DEFAULT_REGION_BOUNDARY as RB } from '../../src/isa/layout.ts';
import type { BytePort } from '../support/byte-port.ts';
import { INTERPRETER, TIERS } from '../support/tiers.ts';

/** Code, a heap and a few private words. */
const CODE = RB;
const HEAP = 0x6_0000_0000;
const X = 0x1000;
const Y = 0x1008;
const P = 0x1010;
const R = (i: number) => RB / 2 + 8 * i;
const EXIT = build('exit:c');

/** A range that no machine would grant. */
const AROUND_THE_END = { base: ADDRESS_LIMIT - 16, length: 64 };

const fault = (cause: string, pc: number, address: number | bigint | null) =>
  expect.objectContaining({
    kind: 'fault',
    fault: expect.objectContaining({ cause, pc, address: address === null ? null : BigInt(address) }),
  });

describe.each(TIERS)('$name', (tier) => {
  /** Translated code accesses memory without a word to the port. */
  const testOrder = test.runIf(tier === INTERPRETER);

  function world(...code: readonly Instruction[]): { port: BytePort; cpu: Cpu; places: number[] } {
    const port = tier.port();
    port.readable.push({ base: HEAP, length: 0x1000 });
    port.writable.push({ base: HEAP, length: 0x1000 });
    return { port, cpu: { pc: CODE, executed: 0 }, places: port.assemble(CODE, ...code) };
  }

  function run(cpu: Cpu, port: BytePort): Stop {
    return tier.run(cpu, port, 10_000, 10_000);
  }

  /** Runs one instruction with an exit behind it. */
  function single(instruction: Instruction, prepare: (port: BytePort) => void = () => {}) {
    const { port, cpu } = world(instruction, EXIT);
    prepare(port);
    return { stop: run(cpu, port), port, cpu };
  }

  afterAll(() => {
    if (tier !== INTERPRETER) expect(tier.translated()).toBeGreaterThan(200);
  });

  describe('addressing modes', () => {
    test('immediate: the value', () => {
      const { port } = single(build('mov', imm(-1), at(X)));
      expect(port.peek(X, 8)).toBe(2n ** 64n - 1n);
    });

    test('direct: memory at that address', () => {
      const { port } = single(build('mov', at(Y), at(X)), (p) => p.poke(Y, 8, 7n));
      expect(port.peek(X, 8)).toBe(7n);
    });

    test('indirect: memory at the address that the 64-bit word there holds', () => {
      const { port } = single(build('mov:w', via(P), at(X)), (p) => {
        p.poke(P, 8, BigInt(HEAP + 3));
        p.poke(HEAP + 3, 2, 0xbeefn);
      });
      expect(port.peek(X, 8)).toBe(0xbeefn);
    });

    test.each([-8, 0, 2 ** 31 - 1, -(2 ** 31)])('displacement: memory at (that word %i)', (displacement) => {
      const { port } = single(build('mov', off(displacement, P), at(X)), (p) => {
        p.poke(P, 8, BigInt(HEAP + 16 - displacement));
        p.poke(HEAP + 16, 8, 42n);
      });
      expect(port.peek(X, 8)).toBe(42n);
    });

    test('pointer plus displacement wraps modulo 2^64', () => {
      const { port } = single(build('mov', off(X + 8, P), at(Y)), (p) => {
        p.poke(P, 8, 2n ** 64n - 8n);
        p.poke(X, 8, 1n);
      });
      expect(port.peek(Y, 8)).toBe(1n);
    });

    test('unaligned and page-crossing accesses are allowed', () => {
      const { port } = single(build('mov', imm(0x1122334455667788n), at(HEAP + 0xffd - 8)));
      expect(port.peek(HEAP + 0xffd - 8, 8)).toBe(0x1122334455667788n);
      const crossing = single(build('mov:d', imm(0x11223344), at(0x1ffe)));
      expect(crossing.port.peek(0x1ffe, 4)).toBe(0x11223344n);
    });
  });

  describe('order of evaluation', () => {
    testOrder(
      'operands are evaluated left to right, each pointer with its operand; all sources before the store',
      () => {
        const { port } = single(build('add', via(X), off(8, Y), via(P)), (p) => {
          p.poke(X, 8, BigInt(HEAP));
          p.poke(Y, 8, BigInt(HEAP));
          p.poke(P, 8, BigInt(HEAP + 16));
        });
        expect(port.calls.map((c) => (c.call === 'newr' ? c.call : [c.call, c.address]))).toEqual([
          ['load', X],
          ['load', HEAP],
          ['load', Y],
          ['load', HEAP + 8],
          ['load', P],
          ['store', HEAP + 16],
        ]);
      },
    );

    test('all sources are read before the destination is written, also where they alias', () => {
      const { port } = single(build('add', via(P), at(P), at(P)), (p) => p.poke(P, 8, BigInt(P)));
      expect(port.peek(P, 8)).toBe(BigInt(2 * P));
    });

    test('a destination reached through itself is written where it pointed before', () => {
      const { port } = single(build('mov', imm(5), via(P)), (p) => p.poke(P, 8, BigInt(P)));
      expect(port.peek(P, 8)).toBe(5n);
    });

    test('of several faults the first in that order counts: source, second source, pointer, operation, store', () => {
      const away = at(0x7_0000_0000);
      const far = at(0x7_0000_0008);
      const lost = via(0x7_0000_0010);
      const prepare = (p: BytePort) => p.poke(P, 8, 2n ** 64n - 1n);
      expect(single(build('div', away, far, lost), prepare).stop).toEqual(
        fault('read-outside-ranges', CODE, away.address),
      );
      expect(single(build('div', at(X), far, lost), prepare).stop).toEqual(
        fault('read-outside-ranges', CODE, far.address),
      );
      expect(single(build('div', at(X), imm(0), lost), prepare).stop).toEqual(
        fault('read-outside-ranges', CODE, lost.pointer),
      );
      expect(single(build('div', at(X), imm(0), via(P)), prepare).stop).toEqual(
        fault('divide-by-zero', CODE, null),
      );
      expect(single(build('div', at(X), imm(1), via(P)), prepare).stop).toEqual(
        fault('write-outside-ranges', CODE, 2n ** 64n - 1n),
      );
    });

    test('a faulting instruction has no effect', () => {
      const { port } = single(build('div', at(X), imm(0), at(Y)), (p) => p.poke(Y, 8, 9n));
      expect(port.peek(Y, 8)).toBe(9n);
    });
  });

  describe('where memory ends', () => {
    test.each([
      ['read', build('mov', via(P), at(X))],
      ['write', build('mov', imm(1), via(P))],
    ])('an address of 2^46 or more is outside all ranges, reported in full: %s', (kind, instruction) => {
      for (const address of [2n ** 46n, 2n ** 46n - 7n, 2n ** 53n + 1n, 2n ** 64n - 1n]) {
        const { stop } = single(instruction, (p) => {
          p.poke(P, 8, address);
          p.readable.push(AROUND_THE_END);
          p.writable.push(AROUND_THE_END);
        });
        expect(stop).toEqual(fault(`${kind}-outside-ranges`, CODE, address));
      }
    });

    test('the last byte below 2^46 is memory', () => {
      const { stop, port } = single(build('mov:b', imm(7), at(ADDRESS_LIMIT - 1)), (p) => {
        p.writable.push({ base: ADDRESS_LIMIT - 1, length: 1 });
      });
      expect(stop.kind).toBe('exit');
      expect(port.peek(ADDRESS_LIMIT - 1, 1)).toBe(7n);
    });

    test('an access that crosses RB is a fault', () => {
      expect(single(build('mov', at(RB - 7), at(X))).stop).toEqual(fault('region-crossing', CODE, RB - 7));
      expect(single(build('mov:w', imm(1), at(RB - 1))).stop).toEqual(fault('region-crossing', CODE, RB - 1));
      expect(single(build('mov', at(X), via(RB - 4))).stop).toEqual(fault('region-crossing', CODE, RB - 4));
      expect(single(build('mov', at(RB - 8), at(X))).stop.kind).toBe('exit');
    });

    test('each byte must be declared, by one range or by several', () => {
      const stored = single(build('mov', imm(-1), at(HEAP + 0xffc)), (p) => {
        p.writable.push({ base: HEAP + 0x1000, length: 4 });
      });
      expect(stored.stop.kind).toBe('exit');
      expect(single(build('mov', imm(-1), at(HEAP + 0xffc))).stop).toEqual(
        fault('write-outside-ranges', CODE, HEAP + 0xffc),
      );
    });
  });

  describe('register words', () => {
    test('an operand may name one directly, with any type: a narrow type reads and writes its low bytes', () => {
      const { port } = single(build('mov:b', imm(0x7f), at(R(5))), (p) => p.poke(R(5), 8, 0x1234n));
      expect(port.peek(R(5), 8)).toBe(0x127fn);
    });

    test('or as the pointer word of an indirect or displacement operand', () => {
      const prepare = (p: BytePort) => {
        p.poke(R(63), 8, BigInt(HEAP));
        p.poke(HEAP, 8, 5n);
        p.poke(HEAP + 8, 8, 6n);
      };
      expect(single(build('mov', via(R(63)), at(X)), prepare).port.peek(X, 8)).toBe(5n);
      expect(single(build('mov', off(8, R(63)), at(X)), prepare).port.peek(X, 8)).toBe(6n);
    });

    test.each([
      ['inside one', build('mov:b', at(R(0) + 4), at(X)), R(0) + 4],
      ['into the first', build('mov:d', imm(1), at(R(0) - 1)), R(0) - 1],
      ['a pointer word inside one', build('mov', via(R(3) + 1), at(X)), R(3) + 1],
      ['a displaced pointer word inside one', build('mov', off(0, R(3) + 1), at(X)), R(3) + 1],
    ])(
      'any other access that overlaps the window is the fault register-indirect: %s',
      (_how, code, address) => {
        expect(single(code).stop).toEqual(fault('register-indirect', CODE, address));
      },
    );

    test.each([
      ['load', build('mov', via(P), at(X))],
      ['store', build('mov', imm(1), via(P))],
    ])('no pointer leads to one: %s', (_kind, code) => {
      for (const address of [R(0), R(63), R(64) - 1, R(0) - 7])
        expect(single(code, (p) => p.poke(P, 8, BigInt(address))).stop).toEqual(
          fault('register-indirect', CODE, address),
        );
      for (const address of [R(0) - 8, R(64)])
        expect(single(code, (p) => p.poke(P, 8, BigInt(address))).stop.kind).toBe('exit');
    });
  });

  describe('mov', () => {
    test.each([
      ['mov:b:q', 0x80n, 0xffff_ffff_ffff_ff80n, 'widening sign-extends a signed source'],
      ['mov:ub:q', 0x80n, 0x80n, 'and zero-extends an unsigned one'],
      ['mov:b:uq', 0x80n, 0xffff_ffff_ffff_ff80n, 'whatever the destination is'],
      ['mov:z:b:q', 0x80n, 0x80n, ':z always zero-extends'],
    ])('%s of %i', (head, value, expected) => {
      expect(single(build(head, imm(value), at(X))).port.peek(X, 8)).toBe(expected);
    });

    test('narrowing truncates, and leaves the bytes beside it alone', () => {
      const { port } = single(build('mov:q:w', imm(0x1122334455667788n), at(X)), (p) => p.poke(X, 8, -1n));
      expect(port.peek(X, 8)).toBe(0xffff_ffff_ffff_7788n);
    });

    test('between equal types it copies bits, a NaN with its payload too', () => {
      const signalling = 0xfff0_0000_0000_0001n;
      expect(single(build('mov:fd', imm(signalling), at(X))).port.peek(X, 8)).toBe(signalling);
    });

    test('NaN or out of range is a fault', () => {
      const two = 0x4000_0000_0000_0000n;
      expect(single(build('mov:fd:b', imm(two), at(X))).port.peek(X, 1)).toBe(2n);
      expect(single(build('mov:fd:b', imm(0x7ff8n << 48n), at(X))).stop).toEqual(
        fault('float-to-integer', CODE, null),
      );
    });
  });

  describe('arithmetic instructions', () => {
    test.each([
      ['add', 7n, 8n, 15n],
      ['sub', 7n, 8n, 2n ** 64n - 1n],
      ['mul', 2n ** 63n, 2n, 0n],
      ['div', -7n, 2n, 2n ** 64n - 3n],
      ['div:uq', -7n, 2n, (2n ** 64n - 7n) / 2n],
      ['rem', -7n, 2n, 2n ** 64n - 1n],
      ['and', 12n, 10n, 8n],
      ['or', 12n, 10n, 14n],
      ['xor', 12n, 10n, 6n],
      ['shl', 1n, 65n, 2n],
      ['shr', -8n, 1n, 2n ** 64n - 4n],
      ['shr:uq', -8n, 1n, 2n ** 63n - 4n],
    ])('M1 := [D1] op [D2]: %s', (head, left, right, expected) => {
      expect(single(build(head, imm(left), imm(right), at(X))).port.peek(X, 8)).toBe(expected);
    });

    test('an integer divisor 0 and MIN / −1 are faults; rem faults exactly where div does', () => {
      for (const head of ['div:b', 'rem:b']) {
        expect(single(build(head, imm(1), imm(0), at(X))).stop).toEqual(fault('divide-by-zero', CODE, null));
        expect(single(build(head, imm(-128), imm(-1), at(X))).stop).toEqual(
          fault('divide-overflow', CODE, null),
        );
        expect(single(build(head, imm(-127), imm(-1), at(X))).stop.kind).toBe('exit');
      }
    });
  });

  describe('branches', () => {
    const [LEFT, RIGHT] = [imm(-1), imm(1)];

    test.each([
      ['br:l', true],
      ['br:le', true],
      ['br:g', false],
      ['br:ge', false],
      ['br:e', false],
      ['br:ne', true],
      ['br:l:uq', false],
      ['br:g:uq', true],
    ])('%s compares signed or unsigned by type', (head, taken) => {
      const { cpu, port, places } = world(build(head, LEFT, RIGHT, at(CODE)), EXIT);
      expect(tier.run(cpu, port, 1, 9)).toEqual({ kind: 'budget' });
      expect(cpu.pc).toBe(taken ? CODE : places[1]);
    });

    test.each([
      ['br:z', 0, true],
      ['br:z', 2, false],
      ['br:nz', 0, false],
      ['br:nz', 2, true],
      ['br:z:fd', 2n ** 63n, true],
      ['br:z:fd', 0x7ff8n << 48n, false],
      ['br:nz:fd', 0x7ff8n << 48n, true],
    ])('%s of bits %i', (head, value, taken) => {
      const { cpu, port, places } = world(build(head, imm(value), at(CODE)), EXIT);
      tier.run(cpu, port, 1, 9);
      expect(cpu.pc).toBe(taken ? CODE : places[1]);
    });

    test('a target is the effective address: (x) goes to the address that the word at x holds', () => {
      const { cpu, port } = world(build('br:j', off(8, P)), EXIT);
      port.poke(P, 8, BigInt(CODE - 8));
      tier.run(cpu, port, 1, 9);
      expect(cpu.pc).toBe(CODE);
    });

    test('a target is evaluated only when the branch is taken', () => {
      const nowhere = via(0x7_0000_0000);
      expect(single(build('br:l', imm(2), imm(1), nowhere)).stop.kind).toBe('exit');
      expect(single(build('br:l', imm(1), imm(2), nowhere)).stop).toEqual(
        fault('read-outside-ranges', CODE, 0x7_0000_0000),
      );
    });

    test('a branch to an address that may not be executed is bad-branch-target, reported at the branch', () => {
      expect(single(build('br:j', at(HEAP))).stop).toEqual(fault('bad-branch-target', CODE, HEAP));
      for (const target of [2n ** 46n, 2n ** 63n]) {
        const { stop } = single(build('br:j', via(P)), (p) => {
          p.poke(P, 8, target);
          p.executable.push(AROUND_THE_END);
        });
        expect(stop).toEqual(fault('bad-branch-target', CODE, target));
      }
      expect(single(build('br:j', at(R(1)))).stop).toEqual(fault('bad-branch-target', CODE, R(1)));
    });

    test('executing bytes that are no instruction, also by running past the last one, is illegal-instruction', () => {
      const { cpu, port, places } = world(build('mov', imm(1), at(X)));
      expect(run(cpu, port)).toEqual(fault('illegal-instruction', places[1]!, null));
      expect(cpu.executed).toBe(1);

      const into = world(build('br:j', at(CODE + 1)), EXIT);
      expect(run(into.cpu, into.port)).toEqual(fault('illegal-instruction', CODE + 1, null));
    });

    test('an instruction may start at any address', () => {
      const port = tier.port();
      port.assemble(CODE + 3, EXIT);
      expect(run({ pc: CODE + 3, executed: 0 }, port)).toMatchObject({ kind: 'exit' });
    });
  });

  describe('bl', () => {
    test('stores the address of the next instruction in M2 and goes to M1; br:j (M2) returns', () => {
      const body = CODE + 0x100;
      const { cpu, port, places } = world(build('bl', at(body), at(P)), EXIT);
      port.assemble(body, build('br:j', via(P)));
      expect(run(cpu, port)).toMatchObject({ kind: 'exit' });
      expect(port.peek(P, 8)).toBe(BigInt(places[1]!));
      expect(cpu.executed).toBe(3);
    });

    test('evaluates M1 before it stores to M2', () => {
      const { cpu, port, places } = world(build('bl', via(P), at(P)), EXIT);
      port.poke(P, 8, BigInt(CODE));
      tier.run(cpu, port, 1, 9);
      expect(cpu.pc).toBe(CODE);
      expect(port.peek(P, 8)).toBe(BigInt(places[1]!));
    });

    test('a return address that cannot be stored counts before a target that cannot be executed', () => {
      expect(single(build('bl', at(HEAP), at(0x7_0000_0000))).stop).toEqual(
        fault('write-outside-ranges', CODE, 0x7_0000_0000),
      );
      expect(single(build('bl', at(HEAP), at(X))).stop).toEqual(fault('bad-branch-target', CODE, HEAP));
    });

    test('a target that the return address overwrites may not be executed', () => {
      const body = CODE + 0x100;
      const { cpu, port } = world(build('bl', at(body), at(body)), EXIT);
      port.assemble(body, EXIT);
      port.writable.push({ base: body, length: 8 });
      expect(run(cpu, port)).toEqual(fault('bad-branch-target', CODE, body));
    });
  });

  describe('newr and exit', () => {
    const pointers = (p: BytePort) => {
      p.poke(X, 8, 1n);
      p.poke(P, 8, BigInt(HEAP));
      p.poke(HEAP, 8, 2n);
      p.poke(HEAP + 8, 8, 3n);
      p.poke(R(1), 8, 2n ** 64n - 1n);
    };
    const newr = build('newr', at(X), via(P), off(8, P), at(R(1)));

    test('newr hands over the pointers that its words hold', () => {
      const { port } = single(newr, pointers);
      expect(port.calls.at(-1)).toEqual({ call: 'newr', pointers: [1n, 2n, 3n, 2n ** 64n - 1n] });
    });

    testOrder('newr reads its words left to right', () => {
      const { port } = single(newr, pointers);
      expect(port.calls.slice(0, -1)).toMatchObject(
        [X, P, HEAP, P, HEAP + 8, R(1)].map((address) => ({ address })),
      );
    });

    test.each([
      ['exit:c', true, false],
      ['exit:a', false, false],
      ['exit:cd', true, true],
      ['exit:ad', false, true],
    ])('%s', (head, commit, detach) => {
      const { cpu, port } = world(build(head));
      expect(run(cpu, port)).toEqual({ kind: 'exit', commit, detach });
      expect(cpu).toEqual({ pc: CODE, executed: 1 });
    });
  });

  describe('counting', () => {
    const loop = build('br:j', at(CODE));

    test('runs at most budget instructions', () => {
      const { cpu, port } = world(loop);
      expect(tier.run(cpu, port, 10, 100)).toEqual({ kind: 'budget' });
      expect(cpu).toEqual({ pc: CODE, executed: 10 });
      expect(tier.run(cpu, port, 0, 100)).toEqual({ kind: 'budget' });
      expect(cpu.executed).toBe(10);
    });

    test('fuel counts executed instructions: the next one is the fault fuel', () => {
      const { cpu, port } = world(loop);
      expect(tier.run(cpu, port, 1_000, 100)).toEqual(fault('fuel', CODE, null));
      expect(cpu.executed).toBe(100);
    });

    test('the count is the same however the run is cut into slices', () => {
      const { cpu, port } = world(loop);
      let stop: Stop;
      do stop = tier.run(cpu, port, 7, 100);
      while (stop.kind === 'budget');
      expect(stop).toEqual(fault('fuel', CODE, null));
      expect(cpu.executed).toBe(100);
    });

    test('an exit may spend the last of the fuel', () => {
      const { cpu, port } = world(build('mov', imm(1), at(X)), EXIT);
      expect(tier.run(cpu, port, 9, 2)).toMatchObject({ kind: 'exit' });
    });

    test('a faulting instruction counts; bytes that are no instruction do not', () => {
      expect(single(build('div', imm(1), imm(0), at(X))).cpu.executed).toBe(1);
      expect(single(build('br:j', at(CODE + 1))).cpu.executed).toBe(1);
    });
  });

  describe('pausing', () => {
    test('a paused instruction does not count, has no effect and starts anew', () => {
      const { cpu, port } = world(build('add', at(HEAP), imm(1), at(HEAP)), EXIT);
      port.missing.add(HEAP);
      expect(run(cpu, port)).toEqual({ kind: 'paused' });
      expect(cpu).toEqual({ pc: CODE, executed: 0 });

      port.missing.clear();
      expect(run(cpu, port)).toMatchObject({ kind: 'exit' });
      expect(port.peek(HEAP, 8)).toBe(1n);
      expect(cpu.executed).toBe(2);
    });

    test('so does one whose bytes are missing', () => {
      const { cpu, port } = world(EXIT);
      port.missing.add(CODE + 1);
      expect(run(cpu, port)).toEqual({ kind: 'paused' });
      expect(cpu).toEqual({ pc: CODE, executed: 0 });
    });

    test('what is neither a fault nor a pause is not the program’s and comes through', () => {
      const { cpu, port } = world(EXIT);
      port.mayExecute = () => {
        throw new RangeError('our own');
      };
      expect(() => run(cpu, port)).toThrow(RangeError);
    });
  });

  test('a store to an output port appends those n bytes, little endian', () => {
    const { port } = single(build('mov:d', imm(0x64636261), at(RB / 4 + 0x208)));
    expect(String.fromCharCode(...port.output.stdout)).toBe('abcd');
  });
});

test('causes are numbered from 1, for status records', () => {
  expect(faultNumber('illegal-instruction')).toBe(1);
  expect(faultNumber('fuel')).toBe(17);
});
