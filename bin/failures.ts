/** From what was thrown to what is said and the exit code. */

import { ClusterError, ProgramError, ProgramFileError, UsageError } from '../src/errors.ts';
import { renderDiagnostic } from '../src/isa/diagnostics.ts';
import { complain, paint, say } from './console.ts';
import { EXIT } from './exit-codes.ts';

/** Says what went wrong, and gives the exit code. */
export function report(error: unknown): number {
  if (error instanceof UsageError) {
    complain(error.message, error.hint);
    return EXIT.usage;
  }
  if (error instanceof ClusterError) {
    complain(error.message, error.hint);
    return EXIT.unreachable;
  }
  if (error instanceof ProgramFileError) {
    complain(error.message, 'a .dvm file is made by: dvm asm FILE');
    return EXIT.usage;
  }
  if (error instanceof ProgramError) {
    for (const diagnostic of error.diagnostics)
      say(renderDiagnostic(diagnostic, { color: paint.isColorSupported }));
    const count = error.diagnostics.length;
    say(`${count} ${count === 1 ? 'error' : 'errors'}; dvm explain CODE tells more`);
    return EXIT.usage;
  }
  complain(
    `internal error: ${stackOf(error)}`,
    'this is a mistake in dvm, not in your program; please report it',
  );
  return EXIT.broken;
}

/** What somebody who mends it wants to see. */
export function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\n  because of ${stackOf(error.cause)}`;
}
