import { describe, expect, it, test } from 'vitest';
import { judgeSeed } from '../../sim/campaign.ts';
import { readTrace, type Trace, TraceError, traceText } from '../../sim/trace-file.ts';

const SETTINGS = { wishes: {}, mutations: [], given: null, memories: false };

function traceOf(seed: number): Trace {
  return { violates: null, mutations: [], ...judgeSeed(seed, SETTINGS).case };
}

describe('a trace', () => {
  const trace = traceOf(3);
  const spoilt = (path: string, value: unknown) => {
    const copy = JSON.parse(traceText(trace));
    const fields = path.split('.');
    const last = fields.pop()!;
    const owner = fields.reduce((part, name) => part[name], copy);
    owner[last] = value;
    return () => readTrace(JSON.stringify(copy));
  };

  it('comes back from its text as it was', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const one = traceOf(seed);
      expect(readTrace(traceText(one))).toEqual(one);
      expect(traceText(readTrace(traceText(one)))).toBe(traceText(one));
    }
  });

  it('has one decision a line', () => {
    const lines = traceText(trace).split('\n');
    expect(lines.filter((line) => line.startsWith('    {'))).toHaveLength(trace.decisions.length);
    expect(trace.decisions.length).toBeGreaterThan(3);
  });

  const mishap = (fields: object, time = 1) => ({ time, mishap: fields });

  test.each<[string, string, unknown, RegExp]>([
    ['another format', 'dvm-trace', 9, /trace format 9; this dvm reads format 1/],
    ['no format', 'dvm-trace', undefined, /no field "dvm-trace"/],
    ['a violation that is no id', 'violates', 4, /"violates" is an invariant's id or null/],
    ['bugs that are no names', 'mutations', [1], /"mutations" is a list of names/],
    ['no scenario', 'scenario', [], /"scenario" is an object/],
    [
      'a knob missing',
      'scenario.machine.cacheBytes',
      undefined,
      /"machine" that has "cacheBytes", of type number/,
    ],
    ['a pace of another type', 'scenario.pace.latency', '3', /"pace" that has "latency", of type number/],
    ['no workload', 'scenario.workload', 7, /"scenario" has "workload", of type object/],
    ['an unknown workload', 'scenario.workload.kind', 'chess', /there is no workload chess/],
    ['an unknown fault', 'scenario.faults', ['rain'], /there is no fault rain/],
    ['no decisions', 'decisions', {}, /"decisions" is a list/],
    ['a decision about nothing', 'decisions.2', { nth: 1 }, /decision 3 is about .*, and not \{"nth":1\}/],
    ['a mishap of no kind', 'decisions.0', mishap({ kind: 'rain' }), /decision 1 /],
    ['a mishap of nobody', 'decisions.0', mishap({ kind: 'pause', until: 3 }), /decision 1 /],
    ['a time that is none', 'decisions.0', mishap({ kind: 'cancel' }, -1), /decision 1 /],
    [
      'a treatment that is none',
      'decisions.1',
      { message: 'a>b', nth: 1, type: 'x', faster: 3 },
      /decision 2 /,
    ],
  ])('says what is wrong with %s', (_, path, value, message) => {
    expect(spoilt(path, value)).toThrow(TraceError);
    expect(spoilt(path, value)).toThrow(message);
  });

  it('says where it is cut off', () => {
    expect(() => readTrace(traceText(trace).slice(0, -40))).toThrow(TraceError);
    expect(() => readTrace('[]')).toThrow(/no field "dvm-trace"/);
  });
});
