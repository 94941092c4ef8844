/** `dvm status`, `dvm drain`, `dvm stop`: a DVM seen from the outside. */

import type { Status } from '../../src/actors/node/cluster/status.ts';
import { type ClientFlags, clusterAt } from '../cluster/flags.ts';
import { print, say } from '../console.ts';
import { EXIT } from '../exit-codes.ts';
import { SURVIVES } from '../run/acknowledgement.ts';
import { wholeNumber } from '../values.ts';

export async function status(url: string, flags: ClientFlags & { readonly json?: boolean }): Promise<number> {
  const found = await clusterAt(url, flags).status();
  print(flags.json === true ? `${JSON.stringify(found)}\n` : textOf(found));
  return EXIT.ok;
}

export async function drain(url: string, node: string, flags: ClientFlags): Promise<number> {
  await clusterAt(url, flags).drain(wholeNumber('NODE', node));
  say(`dvm: node ${node} has nothing left and is let go`);
  return EXIT.ok;
}

export async function stop(url: string, flags: ClientFlags): Promise<number> {
  await clusterAt(url, flags).stop();
  say('dvm: what runs is cancelled, and all nodes end');
  return EXIT.ok;
}

function textOf({ name, version, acknowledges, nodes, programs }: Status): string {
  const table = (rows: readonly (readonly (string | number)[])[]) => {
    const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
    return rows.map((row) =>
      row
        .map((cell, column) => String(cell).padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
  };
  const lines = [
    `DVM ${name}, dvm ${version}; commits survive ${SURVIVES[acknowledges]}`,
    '',
    ...table([
      ['node', 'state', 'rcomps', 'homes', 'url'],
      ...nodes.map(({ node, state, rcomps, homes, url }) => [
        node === 0 ? '0 (master)' : node,
        state,
        rcomps,
        homes,
        url,
      ]),
    ]),
    '',
    ...(programs.length === 0
      ? ['no programs']
      : table([
          ['program', 'name', 'state', 'running', 'schedulable', 'watching', 'finished', 'version', 'copies'],
          ...programs.map((one) => [
            one.program,
            one.name,
            one.status ?? one.state,
            one.runners.running,
            one.runners.schedulable,
            one.runners.watching,
            one.runners.finished,
            one.version,
            one.copies,
          ]),
        ])),
  ];
  return `${lines.join('\n')}\n`;
}
