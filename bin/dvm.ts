#!/usr/bin/env node
/** The command: `dvm run`, `dvm asm`, … */

import { CommanderError } from 'commander';
import { buildCommand } from './command.ts';
import { heedClosedPipes } from './console.ts';
import { EXIT } from './exit-codes.ts';
import { versionOfPackage } from './version.ts';

heedClosedPipes();
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let exit: number = EXIT.ok;
  const command = buildCommand(versionOfPackage(), (code) => {
    exit = code;
  });
  try {
    await command.parseAsync(args, { from: 'user' });
    return exit;
  } catch (error) {
    // Help and version are thrown as well, with exit code 0; what they say has been said.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { report } = await import('./failures.ts');
    return report(error);
  }
}
