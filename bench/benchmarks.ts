/** All benchmarks: the paper's and those of translated code first, what else it costs behind. */

import { arithmetic } from './arithmetic.ts';
import { assembler } from './assembler.ts';
import { calls } from './calls.ts';
import { cluster } from './cluster.ts';
import { coldStart } from './cold-start.ts';
import { flat } from './flat.ts';
import { interpreter } from './interpreter.ts';
import { links } from './links.ts';
import type { Benchmark } from './measure.ts';
import { memoryPasses } from './memory-passes.ts';
import { primes } from './primes.ts';
import { random } from './random.ts';
import { scale } from './scale.ts';
import { table4 } from './table4.ts';
import { tree } from './tree.ts';
import { watchers } from './watchers.ts';

export const BENCHMARKS: readonly Benchmark[] = [
  arithmetic,
  memoryPasses,
  random,
  primes,
  calls,
  table4,
  tree,
  scale,
  coldStart,
  flat,
  watchers,
  links,
  cluster,
  interpreter,
  assembler,
];
