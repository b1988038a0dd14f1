/**
 * Charts and tables of a page that are linked: what is pointed at in one, or chosen, stands out in
 * all. The functions named here run in the browser, as those of zoom/.
 */
import { markup, type Content } from '../markup.js';
import * as standOut from './stand-out.js';

export { keyOf, keyOfEpisode, type Linked } from './keys.js';

/** For a page whose marks and rows have a `data-of`. */
export const linkedScript = [
  '(() => {', "'use strict';", ...Object.values(standOut).map(String), 'standOut();', '})();',
].join('\n');

export interface Choice {
  readonly title: string;
  readonly values: readonly { readonly key: string; readonly label: string }[];
}

/** For keyboards, and fingers; nothing where there is nothing to choose between. */
export function choicesOf(choices: readonly Choice[]): Content {
  const real = choices.filter(({ values }) => values.length > 1);
  return real.length > 0 && markup`<section class="linked"><span>Let stand out in all charts and
tables what you point at, or</span>${real.map(({ title, values }) => markup`<label>${title}
<select><option value="">any</option>${values.map(({ key, label }) =>
    markup`<option value="${key}">${label}</option>`)}</select></label>`)}</section>`;
}
