/** Native peers: C that is compiled on the spot with `cc -O2`, and times itself. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface NativeRun {
  readonly milliseconds: number;
  /** What the work came to, to be compared with ours. */
  readonly result: bigint;
}

export const NO_COMPILER = 'there is no C compiler (cc) here, so there is no native peer';

/**
 * The function `uint64_t work(const uint64_t *args)` of a C source, as a process of its own each time it is run; null
 * if there is no `cc`. `KEEP(x)` in the source is an empty piece of assembly that reads and writes x: the compiler may
 * fold, reorder or vectorise nothing across it.
 */
export class Native implements Disposable {
  readonly #folder: string;
  readonly #binary: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#binary = join(folder, 'peer');
  }

  static compile(source: string, flags: readonly string[] = []): Native | null {
    const native = new Native(mkdtempSync(join(tmpdir(), 'dvm-bench-')));
    const file = join(native.#folder, 'peer.c');
    writeFileSync(file, HEAD + source + MAIN);
    const { error, status, stderr } = spawnSync('cc', ['-O2', ...flags, '-o', native.#binary, file], {
      encoding: 'utf8',
    });
    if (status === 0) return native;
    native[Symbol.dispose]();
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return null;
    throw new Error(`cc has failed: ${error?.message ?? stderr}`);
  }

  run(...args: readonly number[]): NativeRun {
    const { error, status, signal, stdout } = spawnSync(this.#binary, args.map(String), { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the native peer has failed: ${error?.message ?? signal ?? status}`);
    const [nanoseconds, result] = stdout.trim().split(' ').map(BigInt);
    return { milliseconds: Number(nanoseconds) / 1e6, result: result! };
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const HEAD = `
#define _POSIX_C_SOURCE 199309L
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#define KEEP(x) __asm__ volatile("" : "+r"(x))
#define KEEP_MEMORY() __asm__ volatile("" : : : "memory")
`;

const MAIN = `
static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int main(int count, char **texts) {
  uint64_t args[8] = {0};
  for (int i = 1; i < count && i <= 8; i++) args[i - 1] = strtoull(texts[i], NULL, 10);
  uint64_t start = now();
  uint64_t result = work(args);
  uint64_t end = now();
  printf("%" PRIu64 " %" PRIu64 "\\n", end - start, result);
  return 0;
}
`;
