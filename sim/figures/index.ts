/**
 * `npm run sim:figures [-- FIGURE [SEEDS]]`: measures, and writes `docs/figures`; both figures without a name. SEEDS: after
 * which a planted bug counts as not found.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { argv, cpuUsage, stderr } from 'node:process';
import { barsSvg } from './bars.ts';
import { type Cost, costOf, LEAVES_A_NODE, SIZES } from './cluster-size.ts';
import { panelsSvg } from './panels.ts';
import { type Found, seedsToFind } from './seeds-to-find.ts';

interface Measured {
  readonly cost: Cost;
  readonly cpuSeconds: number;
}

const FOLDER = 'docs/figures';
const NUMBERS = `${FOLDER}/figures.json`;
const [only, seeds = '25'] = argv.slice(2);

mkdirSync(FOLDER, { recursive: true });
if (only !== 'seeds-to-find') {
  // Once before it counts: the first run also translates the simulator itself.
  costOf(SIZES[0]!);
  const sizes = SIZES.map(measured);
  write('cluster-size', sizes, clusterSize(sizes));
}
if (only !== 'cluster-size') {
  const found = seedsToFind(Number(seeds), (mutation) => stderr.write(`${mutation}\n`));
  write('seeds-to-find', found, seedsNeeded(found));
}

/** The numbers of the other figure stay as they are. */
function write(name: string, numbers: unknown, svg: string): void {
  const known = existsSync(NUMBERS) ? JSON.parse(readFileSync(NUMBERS, 'utf8')) : {};
  writeFileSync(NUMBERS, `${JSON.stringify({ ...known, [name]: numbers }, null, 2)}\n`);
  writeFileSync(`${FOLDER}/${name}.svg`, svg);
}

function measured(nodes: number): Measured {
  stderr.write(`${nodes} nodes\n`);
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

function seedsNeeded(all: readonly Found[]): string {
  return barsSvg(
    {
      title: 'Seeds until a planted bug is found',
      caption: 'npm run sim:figures · median of five first seeds · each is planted by dvm sim --mutate NAME',
      width: 700,
    },
    'seeds',
    all.map(({ mutation, median, beyond }) => ({ name: mutation, value: median, beyond })),
  );
}
