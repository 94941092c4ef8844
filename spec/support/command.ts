/** Runs the built command as a process of its own, with real pipes. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const DVM = fileURLToPath(new URL('../../dist/bin/dvm.js', import.meta.url));

export interface Finished {
  /** Null if a signal killed it. */
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A directory of its own for each spec file, gone at its end. */
export const workplace = mkdtempSync(join(tmpdir(), 'dvm-spec-'));
afterAll(() => rmSync(workplace, { recursive: true, force: true }));

/** Writes a file into the workplace and gives its name, as the command sees it. */
export function file(name: string, content: string | Uint8Array): string {
  mkdirSync(dirname(join(workplace, name)), { recursive: true });
  writeFileSync(join(workplace, name), content);
  return name;
}

/** Runs to the end with `stdin` as its input. */
export function dvm(args: readonly string[], stdin: string | Uint8Array = ''): Promise<Finished> {
  const child = started(args);
  // A command that does not read its input may be gone before it is all written.
  child.stdin.on('error', () => {}).end(stdin);
  return finished(child);
}

/** A process to talk to. */
export function started(
  args: readonly string[],
  { stdout = 'pipe' }: { readonly stdout?: 'pipe' | number } = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [DVM, ...args], {
    cwd: workplace,
    stdio: ['pipe', stdout, 'pipe'],
  }) as ChildProcessWithoutNullStreams;
}

export async function finished(child: ChildProcessWithoutNullStreams): Promise<Finished> {
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    // Null where a file stands in the pipe's place.
    (child[stream] as Readable | null)?.setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  }
  const [exit, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once('close', (code, by) => resolve([code, by]));
  });
  return { exit, signal, ...output };
}

/** Waits until what the process has written to a stream matches. */
export function said(
  child: ChildProcessWithoutNullStreams,
  stream: 'stdout' | 'stderr',
  pattern: RegExp,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child[stream].setEncoding('utf8').on('data', (more: string) => {
      text += more;
      if (pattern.test(text)) resolve(text);
    });
    child.once('close', () => reject(new Error(`ended before it said ${pattern}; it said: ${text}`)));
  });
}
