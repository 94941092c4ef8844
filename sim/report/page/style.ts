/** The page's looks, light and dark. The drawing takes its colours from here too. */

export const STYLE = `:root {
  color-scheme: light dark;
  --ground: #fff;
  --band: #f5f6f8;
  --rule: #d5d9df;
  --ink: #1c2127;
  --soft: #646d78;
  --arrow: #8a94a0;
  --past: #1f66d1;
  --chosen: #0b3d91;
  --wrong: #c8201c;
  --wrong-ground: #fdeceb;
  --fault: #a05a00;
  --fault-ground: #f5a62333;
  --changed: #fff3bf;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b;
    --band: #1a1e23;
    --rule: #343a42;
    --ink: #e4e8ed;
    --soft: #98a2ae;
    --arrow: #6b7683;
    --past: #6ea8fe;
    --chosen: #cfe2ff;
    --wrong: #ff7b74;
    --wrong-ground: #3a1a1a;
    --fault: #f0b35a;
    --fault-ground: #f0a02026;
    --changed: #4a4215;
  }
}
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body {
  display: flex;
  flex-direction: column;
  background: var(--ground);
  color: var(--ink);
  font: 13px/1.45 system-ui, sans-serif;
}
code, pre, dd { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 12px; }
header { padding: 10px 16px 6px; }
h1 { margin: 0; font-size: 16px; }
h2 { margin: 0 0 6px; font-size: 13px; }
header p { margin: 6px 0; }
#violation { padding: 6px 10px; border-left: 3px solid var(--wrong); background: var(--wrong-ground); }
#violation:empty { display: none; }
.replay code { user-select: all; overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--soft); }
#configuration {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(200px, 1fr));
  gap: 2px 16px;
  max-height: 30vh;
  margin: 6px 0;
  overflow: auto;
}
#configuration div { display: flex; justify-content: space-between; gap: 8px; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.bar {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 8px 16px;
  padding: 6px 16px;
  border-block: 1px solid var(--rule);
}
.group { display: inline-flex; align-items: center; gap: 4px; }
#place { min-width: 10em; text-align: center; font-variant-numeric: tabular-nums; }
#count { color: var(--soft); }
button, input {
  border: 1px solid var(--rule);
  border-radius: 4px;
  background: var(--ground);
  color: inherit;
  font: inherit;
}
button { padding: 2px 9px; cursor: pointer; }
button:hover { background: var(--band); }
button[aria-pressed="true"] { border-color: var(--past); color: var(--past); }
input { width: 16em; padding: 2px 6px; }
:focus-visible { outline: 2px solid var(--past); outline-offset: 1px; }
main { display: flex; flex: 1; min-height: 0; }
canvas { flex: 1; min-width: 0; width: 0; height: 100%; cursor: grab; touch-action: none; }
canvas:active { cursor: grabbing; }
canvas:focus-visible { outline-offset: -2px; }
aside { width: min(420px, 45vw); padding: 12px 16px; overflow: auto; border-left: 1px solid var(--rule); }
aside section { margin-bottom: 16px; }
#step dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 12px; margin: 6px 0; }
#step pre { margin: 8px 0; padding: 8px; background: var(--band); }
#step pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.link {
  display: block;
  width: 100%;
  margin: 2px 0;
  overflow: hidden;
  text-align: left;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.wrong { color: var(--wrong); }
#states pre { margin: 2px 0 8px; overflow: auto; }
#states .changed { background: var(--changed); }
#states .here > summary { color: var(--past); font-weight: 600; }
#help { color: var(--soft); font-size: 12px; }
@media (max-width: 700px) {
  main { flex-direction: column; }
  canvas { flex: 2; width: 100%; height: 0; }
  aside { flex: 1; width: 100%; border-left: 0; border-top: 1px solid var(--rule); }
}
`;
