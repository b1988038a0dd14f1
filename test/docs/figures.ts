/**
 * Figures that docs show, made by what they are said to come from. A page marks them by
 * `<!-- figures: NAME -->` and `<!-- end of figures -->`; what stands between is made here.
 */
import { deriveBounds } from '../../checker/bounds/index.js';
import { loadScenario } from '../../checker/scenario.js';
import { conductOf } from '../cases/one-way.js';
import { simulate } from '../soak/simulate.js';

/** By name: the lines between the marks. */
export const figures: Readonly<Record<string, () => Promise<string[]>>> = {
  'allowances of 1000-nodes': () => {
    const bounds = deriveBounds(loadScenario('scenarios/1000-nodes.yaml'));
    const rows = ([
      ['delta', bounds.stalenessUs], ['W', bounds.handOverUs], ['J', bounds.registrationUs],
      ['d', bounds.maxDelayUs], ['B of the worst of its faults', bounds.recoveryUs],
    ] as const).map(([name, us]) => `| ${name} | ${seconds(us)} |`);
    return Promise.resolve(['| | by `sim check` |', '|---|---|', ...rows]);
  },

  'the deaf manager': async () => {
    const { boundUs, unmanagedUs, deaf } =
      await conductOf(loadScenario('test/cases/deaf-manager.yaml'));
    return [
      '| u | managedOneWay | longest that a resource was without a manager |', '|---|---|---|',
      `| ${deaf} | ${seconds(boundUs)} | ${seconds(unmanagedUs)} |`,
    ];
  },

  'episodes of 1000-nodes': async () => {
    const { record } = await simulate(loadScenario('scenarios/1000-nodes.yaml'));
    const rows = record.episodes.map((row) => {
      const { settle_s: settle, bound_s: bound } = row;
      const share = settle === null || bound === null ? '' : (settle / bound).toFixed(2);
      return `| ${row.cause} | ${told(settle)} | ${told(bound)} | ${share} |`;
    });
    return ['| episode | settled in | bound | share |', '|---|---|---|---|', ...rows];
  },
};

function seconds(us: number | null): string {
  return us === null ? 'nothing is promised' : told(us / 1e6);
}

function told(s: number | null): string {
  return s === null ? 'open' : `${Number(s.toFixed(2))} s`;
}

const mark = /(<!-- figures: (.+?) -->\n)[^]*?(<!-- end of figures -->)/g;

/** The page with its figures made anew; and the names of those that it shows. */
export async function madeAnew(
  page: string,
): Promise<{ readonly page: string; readonly names: readonly string[] }> {
  const names = [...page.matchAll(mark)].map(([, , name]) => name);
  const made = new Map<string, string>();
  for (const name of names) made.set(name, (await figures[name]()).join('\n'));
  const anew = page.replace(mark, (_all, begin: string, name: string, end: string) =>
    `${begin}${made.get(name)}\n${end}`);
  return { page: anew, names };
}
