/**
 * Zooming and panning of charts in a page. The functions named here run in the browser, which gets
 * them as text: they use nothing but each other. What is shown is a window of each axis, in shares
 * of it as drawn; marks are placed anew and axes labelled anew, nothing is blown up.
 */
import * as control from './control.js';
import * as draw from './draw.js';
import * as picture from './picture.js';
import * as ticks from './ticks.js';

export type { AxisScale } from './picture.js';

const functions = [picture, ticks, draw, control].flatMap((file) => Object.values(file));

/** For a page whose charts stand in `.plot` with their scales in `data-axes`. */
export const zoomScript = [
  '(() => {', "'use strict';", ...functions.map(String),
  "for (const plot of document.querySelectorAll('.plot[data-axes]')) zoomable(plot);", '})();',
].join('\n');
