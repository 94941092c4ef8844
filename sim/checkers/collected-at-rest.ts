/** I12: nothing old is kept for nobody. That a home collects what lies below its floor is its own to show. */

import { keepersOf, placesAtFirst } from '../../src/actors/places.ts';
import { addressText } from '../names.ts';
import { type Checker, NOTHING } from './checker.ts';

export const collectedAtRest: Checker = {
  id: 'I12',
  sentence: 'at rest one version a page remains: each home has heard that none below the last one is read',
  watch: ({ setting, memory }) => {
    const floors = new Map<string, number>();
    let places = placesAtFirst(setting.config);
    return {
      delivered: {
        floor({ to, message: { floor } }) {
          const home = addressText(to);
          floors.set(home, Math.max(floors.get(home) ?? 0, floor));
          return NOTHING;
        },
      },
      restarted({ floor }) {
        places = placesAtFirst(setting.config);
        floors.clear();
        for (const home of places.homes.keys())
          for (const keeper of keepersOf(places, home)) floors.set(addressText(keeper), floor);
        return NOTHING;
      },
      places(event) {
        places = event.places;
        return NOTHING;
      },
      *over() {
        for (const home of places.homes.keys())
          for (const keeper of keepersOf(places, home).map(addressText))
            if ((floors.get(keeper) ?? 0) !== memory.version)
              yield `${keeper} keeps what ${floors.get(keeper) ?? 0} may read, at rest at ${memory.version}`;
      },
    };
  },
};
