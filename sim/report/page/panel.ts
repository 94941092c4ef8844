/** Part of the page's script: what is said about the current step. */

export const PANEL = `
// ---- What is said about the current step ----

/** An element; all that came from the run goes in as text. */
function element(tag, text = '', className = '') {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className !== '') made.className = className;
  return made;
}

function showStep() {
  const step = run.steps[shown.current];
  const section = byId('step');
  section.replaceChildren();
  byId('place').textContent =
    shown.current < 0 ? 'no step' : 'step ' + shown.current + ' of ' + (run.steps.length - 1);
  if (step === undefined) return;
  const heading = element(
    'h2',
    step.type === 'event' ? step.text : step.type === 'fault' ? 'fault' : step.name,
  );
  if (step.violation) heading.className = 'wrong';
  section.append(heading, facts(factsOf(step)));
  if (step.type !== 'event' && step.text !== '') section.append(element('pre', step.text));
  section.append(...originLinks(step));
}

function factsOf(step) {
  if (step.type === 'fault') {
    const place = step.node === null ? [] : [['node', String(step.node)]];
    return [
      ...place,
      ['time', micros(step.time)],
      ...(step.until === undefined ? [] : [['until', micros(step.until)]]),
    ];
  }
  const past = ['causal past', (shown.past.size - 1).toLocaleString('en-US') + ' steps'];
  if (step.type === 'event') return [['actor', placeOf(step.actor)], ['time', micros(step.time)], past];
  const took = step.received === null ? '' : ' (took ' + micros(step.received - step.sent) + ')';
  return [
    ['sender', placeOf(step.from)],
    ['receiver', placeOf(step.to)],
    ['sent', micros(step.sent)],
    ['received', step.received === null ? 'never' : micros(step.received) + took],
    ...(step.repeated ? [['repeated', 'it has arrived before']] : []),
    past,
  ];
}

function placeOf(actor) {
  return run.actors[actor].name + ', node ' + run.actors[actor].node;
}

function facts(pairs) {
  const list = element('dl');
  for (const [name, value] of pairs) list.append(element('dt', name), element('dd', value));
  return list;
}

/** The direct predecessors, to go to. */
function originLinks({ cause, before }) {
  const links = [];
  if (cause !== null) links.push(element('div', 'sent in answer to, or after'), linkTo(cause));
  if (before !== null) links.push(element('div', 'the step before it there'), linkTo(before));
  return links;
}

function linkTo(index) {
  const button = element('button', index + '. ' + headline(run, run.steps[index]), 'link');
  button.type = 'button';
  button.addEventListener('click', () => select(index));
  return button;
}
`;
