/** Part of the page's script: every actor's state as of the current step. */

export const STATES = `
// ---- Every actor's state ----

const stateful = statefulSteps(run);
/** By actor: its box, and the step that the state in it is from. */
const boxes = run.actors.map(({ name }, actor) => {
  const box = element('details');
  const content = element('pre');
  box.append(element('summary', name), content);
  if (stateful[actor].length > 0) byId('states').append(box);
  // What nobody looks at is not made: a step may change a box of thousands of lines.
  box.addEventListener('toggle', () => fill(actor));
  return { box, content, wanted: -1, filled: -2 };
});

/** Opens the box of the actor that the step happened to, and shuts it again if it was not opened by hand. */
let opened = -1;

function showStates() {
  const step = run.steps[shown.current];
  const actor = step?.type === 'message' ? (step.received === null ? -1 : step.to) : (step?.actor ?? -1);
  if (opened >= 0 && opened !== actor) boxes[opened].box.open = false;
  if (actor !== opened) opened = actor >= 0 && !boxes[actor].box.open ? actor : -1;
  if (opened >= 0) boxes[opened].box.open = true;
  boxes.forEach((each, index) => {
    each.box.className = index === actor ? 'here' : '';
    each.wanted = lastUpTo(stateful[index], shown.current);
    fill(index);
  });
}

/** Lines that the last step of the actor has changed are marked. */
function fill(actor) {
  const each = boxes[actor];
  if (!each.box.open || each.filled === each.wanted) return;
  each.filled = each.wanted;
  const text = stateText(actor, each.wanted);
  const before = new Set((stateText(actor, each.wanted - 1) ?? '').split('\\n'));
  each.content.replaceChildren();
  if (text === null) each.content.textContent = 'nothing received yet';
  else
    for (const line of text.split('\\n')) {
      const isChanged = each.wanted > 0 && !before.has(line);
      each.content.append(element('span', line + '\\n', isChanged ? 'changed' : ''));
    }
}

function stateText(actor, place) {
  const index = stateful[actor][place];
  return index === undefined ? null : run.states[run.steps[index].state];
}
`;
