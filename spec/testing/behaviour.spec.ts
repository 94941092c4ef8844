import { describe, test } from 'vitest';
import { createActor } from '../../src/actors/actor.ts';
import { behaviourSuite } from '../../testing/suites/behaviour.ts';
import { scale } from '../support/runs.ts';

describe('our own behaviours', () => {
  for (const { name, run } of behaviourSuite(createActor, { scale })) test(name, run);
});
