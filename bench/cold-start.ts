import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Benchmark, stopwatch, versus } from './measure.ts';
import { packageFile } from './places.ts';

export const coldStart: Benchmark = {
  name: 'cold-start',
  title: 'A process of its own for `dvm run` on a small program, in ms; the peer is Node that does nothing',
  async run({ rounds }) {
    const dvm = packageFile('dist', 'bin', 'dvm.js');
    if (!existsSync(dvm)) return { rows: [], notes: ['dvm is not built: npm run build'] };
    const example = packageFile('examples', 'sum.s');
    return {
      rows: [
        await versus(
          'dvm run examples/sum.s',
          () => stopwatch(() => node(dvm, 'run', example)),
          () => stopwatch(() => node('--eval', '0')),
          rounds,
        ),
      ],
      notes: [],
    };
  },
};

function node(...args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} has ended with ${status}: ${stderr}`);
}
