/**
 * The page's script, in the order of its parts. It is JavaScript as text: nothing builds it, and what is in the file is
 * what a reader finds under "view source".
 */

import { BEGINNING } from './beginning.ts';
import { DRAWING } from './drawing.ts';
import { INPUT } from './input.ts';
import { MARGINS } from './margins.ts';
import { MODEL } from './model.ts';
import { PALETTE } from './palette.ts';
import { PANEL } from './panel.ts';
import { POINTER } from './pointer.ts';
import { STATES } from './states.ts';
import { VIEW } from './view.ts';

const PARTS = [MODEL, VIEW, PALETTE, DRAWING, MARGINS, PANEL, STATES, INPUT, POINTER, BEGINNING];

export const SCRIPT = `'use strict';
{
${PARTS.map((part) => part.trim()).join('\n\n')}
}
`;
