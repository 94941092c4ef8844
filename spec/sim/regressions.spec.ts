/** Failures that were found once: what each trace led to must not come back, and each must still fit. */

import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { judge } from '../../sim/campaign.ts';
import { readTrace } from '../../sim/trace-file.ts';

const FOLDER = new URL('../../sim/regressions/', import.meta.url);

it.each(readdirSync(FOLDER))('%s', (file) => {
  const { scenario, decisions, mutations, violates } = readTrace(readFileSync(new URL(file, FOLDER), 'utf8'));
  const { shown, ran } = judge(scenario, decisions, { wishes: {}, mutations, given: null, memories: false });

  expect(shown.failure?.id ?? null).toBe(violates);
  expect(ran.unused).toEqual([]);
});
