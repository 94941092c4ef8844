import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLines } from '../../../sim/report/json-lines.ts';
import {
  ACTORS,
  anyRun,
  event,
  fault,
  HOME,
  MASTER,
  message,
  RCOMP,
  runOf,
} from '../../support/recorded-runs.ts';
import { runs } from '../../support/runs.ts';

const parsed = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('a run as JSON lines', () => {
  it('has a header, and a line a step with the vector clock of whom it happened to', () => {
    const steps = [
      message([RCOMP, HOME], [1, 4], 'stage', { text: '{sv 0}' }),
      event(MASTER, 5, 'commit'),
      message([MASTER, HOME], [5, null], 'decide'),
      fault(6, 'pause', { node: 1, until: 9 }),
    ];

    expect(jsonLines(runOf(steps))).toMatchInlineSnapshot(`
      "{"format":"dvm-run","version":1,"title":"I4: no commit overlaps what another wrote between its snapshot and itself","violation":"version 2 is decided over version 1 at 0x40","replay":"dvm sim --seed 7","configuration":{"page size":"64"},"nodes":2,"actors":[{"name":"master","node":0},{"name":"home 0","node":0},{"name":"agent 0","node":1},{"name":"rcomp 0","node":1}],"steps":4}
      {"step":0,"type":"message","host":"home 0","clock":{"home 0":1},"event":"stage","from":"rcomp 0","to":"home 0","sent":1,"received":4,"sentClock":{},"text":"{sv 0}","repeated":false,"relevant":true}
      {"step":1,"type":"event","host":"master","clock":{"master":1},"event":"commit","time":5,"violation":false}
      {"step":2,"type":"message","event":"decide","from":"master","to":"home 0","sent":5,"received":null,"sentClock":{"master":1},"text":"","repeated":false,"relevant":true}
      {"step":3,"type":"fault","time":6,"node":1,"text":"pause","until":9}
      "
    `);
  });

  it('is one line a step, whatever the texts are', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const [header, ...lines] = parsed(jsonLines(run));
        expect(header.steps).toBe(run.steps.length);
        expect(lines.map(({ text, event }) => text ?? event)).toEqual(run.steps.map(({ text }) => text));
      }),
      runs(100),
    );
  });

  it('counts each line of a host in the host’s own component, by 1', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const lines = parsed(jsonLines(run));
        for (const { name } of ACTORS) {
          const own = lines.filter(({ host }) => host === name).map(({ clock }) => clock[name]);
          expect(own).toEqual(own.map((_, i) => i + 1));
        }
      }),
      runs(100),
    );
  });

  it('can be read by the documented expression', () => {
    const line = jsonLines(runOf([message([RCOMP, HOME], [1, 4], 'stage')])).split('\n')[1]!;
    const pattern = /"host":"(?<host>[^"]*)","clock":(?<clock>\{[^}]*\}),"event":"(?<event>[^"]*)"/;

    expect(line.match(pattern)?.groups).toEqual({ host: 'home 0', clock: '{"home 0":1}', event: 'stage' });
  });
});
