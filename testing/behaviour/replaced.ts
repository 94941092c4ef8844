/** Our own actors with a part of somebody else's in them. */

import type { Create } from '../../sim/cluster.ts';
import { born, createActor } from '../../src/actors/actor.ts';
import { createMaster, receiveAsMaster } from '../../src/actors/master.ts';
import { createHome, receiveAsHome } from '../../src/actors/page-home.ts';
import type { SchedulingPolicy } from '../../src/actors/scheduling-policy.ts';
import type { CreatePageStore } from '../suites/page-store.ts';

/** Actors whose homes keep their pages in such stores. */
export function storingIn(createStore: CreatePageStore): Create {
  return (init) =>
    init.kind === 'home'
      ? born(createHome(init, createStore({ pageSize: init.config.pageSize })), receiveAsHome)
      : createActor(init);
}

/** Actors whose master schedules by such a policy. */
export function schedulingBy(createPolicy: () => SchedulingPolicy): Create {
  return (init) =>
    init.kind === 'master' ? born(createMaster(init, createPolicy()), receiveAsMaster) : createActor(init);
}
