/**
 * `npm run sim:figures [-- SEEDS]`: measures, and writes `docs/figures`. SEEDS: after which a planted bug counts as not
 * found.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpuUsage, stderr } from 'node:process';
import { barsSvg } from './bars.ts';
import { type Cost, costOf, LEAVES_A_NODE, SIZES } from './cluster-size.ts';
import { panelsSvg } from './panels.ts';
import { type Found, seedsToFind } from './seeds-to-find.ts';

interface Measured {
  readonly cost: Cost;
  readonly cpuSeconds: number;
}

const FOLDER = 'docs/figures';
const limit = Number(process.argv[2] ?? 200);

// Once before it counts: the first run also translates the simulator itself.
costOf(SIZES[0]!);
const sizes = SIZES.map((nodes) => {
  stderr.write(`${nodes} nodes\n`);
  return measured(nodes);
});
const found = seedsToFind(limit, (mutation) => stderr.write(`${mutation}\n`));
mkdirSync(FOLDER, { recursive: true });
writeFileSync(`${FOLDER}/cluster-size.svg`, clusterSize(sizes));
writeFileSync(`${FOLDER}/seeds-to-find.svg`, seeds(found));
writeFileSync(
  `${FOLDER}/figures.json`,
  `${JSON.stringify({ limit, seedsToFind: found, clusterSize: sizes }, null, 2)}\n`,
);

function measured(nodes: number): Measured {
  const before = cpuUsage();
  const cost = costOf(nodes);
  const { user, system } = cpuUsage(before);
  return { cost, cpuSeconds: (user + system) / 1e6 };
}

function clusterSize(all: readonly Measured[]): string {
  const aRunner = (name: string, count: (cost: Cost) => number) => ({
    name,
    values: all.map(({ cost }) => count(cost) / cost.runners),
  });
  return panelsSvg(
    {
      title: 'What a runner of the sum tree costs, by nodes of the cluster',
      caption: `npm run sim:figures · ${LEAVES_A_NODE} leaves, 2 RComps and a page home a node · horizontal: nodes`,
    },
    all.map(({ cost }) => cost.nodes),
    [
      { title: 'Messages a runner', curves: [aRunner('all', ({ messages }) => messages)] },
      {
        title: 'Messages of the master a runner',
        curves: [
          aRunner('heard', ({ master }) => master.heard),
          aRunner('sent', ({ master }) => master.sent),
        ],
      },
      {
        title: 'Steps of the master a runner',
        curves: [
          aRunner('agents and tree nodes', ({ master }) => master.agents + master.treeNodes),
          aRunner('homes named in news', ({ master }) => master.named),
        ],
      },
      {
        title: 'Messages a CPU second of the simulator',
        curves: [{ name: 'all', values: all.map(({ cost, cpuSeconds }) => cost.messages / cpuSeconds) }],
      },
    ],
  );
}

function seeds(all: readonly Found[]): string {
  return barsSvg(
    {
      title: 'Seeds until a planted bug is found',
      caption: 'npm run sim:figures · median of five first seeds · dvm sim --plant NAME',
      width: 700,
    },
    'seeds',
    all.map(({ mutation, median, beyond }) => ({ name: mutation, value: median, beyond })),
  );
}
