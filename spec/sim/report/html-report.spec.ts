import { createContext, Script } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causalPast } from '../../../sim/report/causality.ts';
import { htmlReport } from '../../../sim/report/html-report.ts';
import { MODEL } from '../../../sim/report/page/model.ts';
import { SCRIPT } from '../../../sim/report/page/script.ts';
import type { RecordedRun } from '../../../sim/report/recorded-run.ts';
import { anyRun, event, HOME, HOSTILE, MASTER, message, RCOMP, runOf } from '../../support/recorded-runs.ts';
import { runs } from '../../support/runs.ts';

/** What a browser would find between tags: the contents of the block of data. */
function dataIn(html: string) {
  const start = html.indexOf('id="run">') + 'id="run">'.length;
  return JSON.parse(html.slice(start, html.indexOf('</script>', start)));
}

const tagsIn = (html: string) => html.match(/<[!/]?[a-z][^>]*/gi);

describe('the HTML report', () => {
  it('makes no request: nothing in it has an address, and its policy allows none', () => {
    const html = htmlReport(runOf([message([RCOMP, HOME], [1, 2], 'stage')]));

    expect(html).not.toMatch(/https?:|\/\/[a-z]|\bsrc=|\bhref=|@import|url\(/i);
    expect(html).toContain(`content="default-src 'none';`);
    expect(html).not.toMatch(/\son[a-z]+=|\sstyle=|javascript:|\beval\(|new Function|innerHTML/i);
  });

  it('has the same script, style and markup for every run: what a run says is data', () => {
    fc.assert(
      fc.property(anyRun, fc.constantFrom(...HOSTILE), (run, hostile) => {
        const html = htmlReport({ ...run, title: hostile, violation: hostile, replay: hostile });
        expect(tagsIn(html)).toEqual(tagsIn(htmlReport(runOf([]))));
        expect(html).toContain(`<script>\n${SCRIPT}</script>`);
      }),
      runs(100),
    );
  });

  it('gives the page every text as it was', () => {
    fc.assert(
      fc.property(anyRun, fc.constantFrom(...HOSTILE), (run, hostile) => {
        const html = htmlReport({ ...run, violation: hostile, configuration: [[hostile, hostile]] });
        const data = dataIn(html);
        expect(data.violation).toBe(hostile);
        expect(data.configuration).toEqual([[hostile, hostile]]);
        expect(data.steps.map(({ text }: { text: string }) => text)).toEqual(
          run.steps.map(({ text }) => text),
        );
        expect(html).not.toMatch(/[\u2028\u2029]/);
      }),
      runs(100),
    );
  });

  it('has a script that compiles', () => {
    expect(() => new Script(SCRIPT)).not.toThrow();
  });

  it('asks for a state once, and keeps equal ones once', () => {
    let asked = 0;
    const lazy = {
      ...message([RCOMP, HOME], [1, 2], 'stage'),
      get state() {
        asked += 1;
        return 'pending: 1';
      },
    };
    const again = message([RCOMP, HOME], [3, 4], 'stage', { state: 'pending: 1' });
    const data = dataIn(htmlReport(runOf([lazy, event(MASTER, 3, 'commit'), again])));

    expect(asked).toBe(1);
    expect(data.states).toEqual(['pending: 1']);
    expect(data.steps.map(({ state }: { state: unknown }) => state)).toEqual([0, null, 0]);
  });
});

describe('the page', () => {
  it('highlights the causal past of a step', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const { pastOf } = modelOf(run);
        for (const step of run.steps.keys())
          expect([...pastOf(step)].sort()).toEqual([...causalPast(run, step)].sort());
      }),
      runs(50),
    );
  });

  it('draws, of thousands of steps, all those that are in sight and few others', () => {
    const steps = Array.from({ length: 5000 }, (_, i) =>
      i % 100 === 99
        ? message([MASTER, HOME], [10 * i - 5000, 10 * i], 'late')
        : message([RCOMP, HOME], [10 * i - 5, 10 * i], 'stage'),
    );
    const { between, steps: placed } = modelOf(runOf(steps));
    const [top, bottom] = [placed[2000]!.at, placed[2040]!.at];
    const seen = between(top, bottom);
    const inSight = [...placed.keys()].filter((i) => placed[i]!.otherEnd <= bottom && placed[i]!.at >= top);

    expect(inSight.length).toBeGreaterThan(41);
    expect(inSight.filter((i) => !seen.has(i))).toEqual([]);
    expect(seen.size).toBeLessThan(200);
  });

  it('finds messages by their types and actors, all of which must match', () => {
    const { found } = modelOf(
      runOf([
        message([RCOMP, HOME], [1, 2], 'stage', { text: '{master 0}' }),
        message([HOME, RCOMP], [2, 3], 'staged'),
        event(MASTER, 4, 'commit v1'),
      ]),
    );

    expect(found('Stage')).toEqual([0, 1]);
    expect(found('staged, home 0')).toEqual([1]);
    expect(found('master')).toEqual([2]);
    expect(found('commit')).toEqual([2]);
    expect(found('stage, master')).toEqual([]);
  });
});

/** The page's own functions, over what it would read. */
function modelOf(run: RecordedRun) {
  const context = createContext({ data: dataIn(htmlReport(run)) });
  const call = (code: string) => new Script(code).runInContext(context);
  call(MODEL);
  call('const shelves = shelvesOf(data.steps)');
  return {
    steps: call('data.steps') as { at: number; otherEnd: number }[],
    pastOf: (step: number) => call(`pastOf(data.steps, ${step})`) as Set<number>,
    between: (top: number, bottom: number) => call(`stepsBetween(shelves, ${top}, ${bottom})`) as Set<number>,
    found: (query: string) => [
      ...(call(
        `data.steps.flatMap((step, i) => (matches(data, step, ${JSON.stringify(query)}) ? [i] : []))`,
      ) as number[]),
    ],
  };
}
