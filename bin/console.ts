/** Where the command writes: results to standard output, everything about them to standard error. */

import type { WriteStream } from 'node:tty';
import colors from 'picocolors';
import { EXIT } from './exit-codes.ts';

/** Colours for standard error; none off a terminal. */
export const paint = colors.createColors(process.stderr.isTTY === true && colors.isColorSupported);

export function isTerminal(stream: NodeJS.WriteStream | WriteStream): boolean {
  return stream.isTTY === true;
}

/** A line on standard error. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** `dvm: error: …` on standard error, and what to do about it. */
export function complain(message: string, hint = ''): void {
  say(`${paint.bold('dvm')}: ${paint.red('error')}: ${message}`);
  if (hint !== '') say(`  ${paint.cyan('hint')}: ${hint}`);
}

/** Text to standard output. */
export function print(text: string): void {
  process.stdout.write(text);
}

/** Why results have not reached standard output. */
let lost: string | null = null;

let onReaderGone = (): void => process.exit(0);

/**
 * A reader that has gone away, `dvm … | head`, is no error worth a word: the command ends, or does what
 * `whenReaderGone` says. Without a reader of standard error there is nobody to tell anything.
 */
export function heedClosedPipes(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') onReaderGone();
    else lost ??= error.message;
  });
  process.stderr.on('error', () => {});
  // Only now: a run tells by itself what its runners could not write.
  process.on('exit', (code) => {
    if (lost === null || (code !== EXIT.ok && code !== EXIT.quiescent)) return;
    complain(`cannot write to standard output: ${lost}`);
    process.exitCode = EXIT.failed;
  });
}

export function whenReaderGone(then: () => void): void {
  onReaderGone = then;
}
