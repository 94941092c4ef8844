/** The other half of I4 and I22: both hear of a commit by its spans. */

import { extentsOf, holds, united } from '../model/extent.ts';
import type { Checker } from './checker.ts';
import { extentsText } from './texts.ts';

export const spansTell: Checker = {
  id: 'I14b',
  sentence: 'what validation and watchers hear of a commit is what it wrote, to the byte',
  watch: () => ({
    *committed({ version, spans, written }) {
      const told = united(spans);
      let same = told.reduce((sum, { length }) => sum + length, 0) === written.size;
      for (const address of written.keys()) same &&= holds(told, address);
      if (!same)
        yield `version ${version} wrote ${extentsText(extentsOf(written.keys()))} and is told as ${extentsText(told)}`;
    },
  }),
};
