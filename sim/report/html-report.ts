/**
 * A run as one HTML file that needs nothing else: it opens from a disk, makes no request, and its policy forbids it any.
 * All that came from the run stands in a block of JSON; the page makes text of it, never markup.
 */

import { MARKUP } from './page/markup.ts';
import { SCRIPT } from './page/script.ts';
import { STYLE } from './page/style.ts';
import { inertJson, pageData } from './page-data.ts';
import { oneLine } from './plain-text.ts';
import type { RecordedRun } from './recorded-run.ts';

/** The whole file. `#12` after its address opens it at step 12, counted from 0 as in JSON lines. */
export function htmlReport(run: RecordedRun): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapedText(oneLine(run.title))}</title>
<style>
${STYLE}</style>
</head>
<body>
${MARKUP}<script type="application/json" id="run">${inertJson(pageData(run))}</script>
<script>
${SCRIPT}</script>
</body>
</html>
`;
}

const POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

function escapedText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
