/** What a chart's picture consists of: panels, their axes and marks. Runs in the browser. */
import type { Shape } from './browser.js';

/** Of an axis as drawn; null in the page's list where it has names and no numbers. */
export interface AxisScale {
  readonly type: 'linear' | 'log';
  readonly low: number;
  readonly high: number;
}

export type Window = [from: number, to: number];

export interface Axis {
  readonly scale: AxisScale;
  readonly element: Shape;
  readonly across: boolean;
  /** Axes of one scale are looked at through one window. */
  readonly key: string;
  readonly title: string;
  readonly marks: readonly TickMarks[];
  readonly named: readonly { readonly share: number; readonly text: string }[];
}

/** The ticks, grid lines or labels of an axis: a pattern of one, and where they stand. */
export interface TickMarks {
  readonly holder: Shape;
  readonly pattern: Shape;
  /** Off the place of the tick, along the axis. */
  readonly shift: number;
  /** Where it stands across the axis. */
  readonly aside: number;
}

export interface Panel {
  readonly content: Shape;
  readonly ground: Shape;
  readonly width: number;
  readonly height: number;
  x: Axis | null;
  y: Axis | null;
  readonly marks: Mark[];
}

export interface Mark {
  readonly element: Shape;
  readonly kind: 'path' | 'spot' | 'stroke' | 'line' | 'text' | 'stays';
  readonly x: number;
  readonly y: number;
  /** Of a line: how far it goes. */
  readonly dx: number;
  readonly dy: number;
  readonly path: readonly (string | number)[];
  /** A text goes with what it names. */
  to: Mark | null;
  /** A text that names the spot of the same place in its order. */
  readonly isName: boolean;
}

export type Windows = Record<string, Window>;

export function list(shapes: ArrayLike<Shape>): Shape[] {
  return Array.from(shapes);
}

export function attribute(element: Shape, name: string): number {
  return Number(element.getAttribute(name) ?? 0);
}

export function placeOf(element: Shape): [number, number] | null {
  const found = /^translate\(([-\d.e]+)[ ,]([-\d.e]+)\)/.exec(
    element.getAttribute('transform') ?? '');
  return found === null ? null : [Number(found[1]), Number(found[2])];
}

/** What holds the axes and marks of each panel, and how large its plot is. */
export function panelsOf(svg: Shape, scales: readonly (AxisScale | null)[]): Panel[] {
  const groups = list(svg.querySelectorAll('.role-frame, .role-scope'))
    .filter((group) => !/pathgroup/.test(group.getAttribute('class') ?? ''));
  const panels = groups.flatMap((group): Panel[] => {
    const content = group.querySelector(':scope > g > g');
    const ground = content?.previousElementSibling;
    const size = /h([-\d.]+)v([-\d.]+)/.exec(ground?.getAttribute('d') ?? '');
    if (!content || !ground || size === null) return [];
    const [width, height] = [Number(size[1]), Number(size[2])];
    return [{ content, ground, width, height, x: null, y: null, marks: [] }];
  });
  list(svg.querySelectorAll('[aria-roledescription="axis"]')).forEach((element, index) => {
    const panel = panels.find(({ content }) => content === element.parentNode);
    const scale = scales[index];
    if (panel === undefined || !scale) return;
    const axis = axisOf(element, scale, panel);
    if (axis.across) panel.x = axis;
    else panel.y = axis;
  });
  for (const group of list(svg.querySelectorAll('.role-mark'))) {
    let holder = group.parentNode;
    while (holder !== null && !panels.some(({ content }) => content === holder)) {
      holder = holder.parentNode;
    }
    const panel = panels.find(({ content }) => content === holder);
    const [stays, isName] = [/\bstays/, /\bnames/].map((name) =>
      name.test(group.getAttribute('class') ?? ''));
    if (panel !== undefined) {
      panel.marks.push(...list(group.children).flatMap((child) => {
        const isBeside = child.tagName === 'text' && isOff(placeOf(child)![0], panel.width);
        return markOf(child, stays || isBeside, isName);
      }));
    }
  }
  // What has no axis of its own stands below, or above, one that has.
  for (const panel of panels.filter(({ x }) => x === null)) {
    const left = panel.ground.getBoundingClientRect().left;
    panel.x = panels.find((other) => other.x !== null && other.width === panel.width &&
      Math.abs(other.ground.getBoundingClientRect().left - left) < 1)?.x ?? null;
  }
  const used = panels.filter(({ x, marks }) => x !== null && marks.length > 0);
  for (const { marks } of used) attachTexts(marks);
  return used;
}

export function axisOf(element: Shape, scale: AxisScale, panel: Panel): Axis {
  const across = (element.getAttribute('aria-label') ?? '').startsWith('X');
  const size = across ? panel.width : panel.height;
  const grids = list(panel.content.querySelectorAll(':scope > .role-axis .role-axis-grid'))
    .filter((grid) => {
      const [first] = list(grid.children);
      return first !== undefined && (attribute(first, 'x2') === 0) === across;
    });
  const own = ['.role-axis-tick', '.role-axis-label'].flatMap((one) =>
    element.querySelector(one) ?? []);
  const place = (one: Shape): number => placeOf(one)![across ? 0 : 1];
  const ticks = list(own[0]?.children ?? []).map(place);
  const marks = [...own, ...grids].flatMap((holder): TickMarks[] => {
    const children = list(holder.children);
    if (children.length === 0) return [];
    const shift = across ? 0 : place(children[0]) - (ticks[0] ?? place(children[0]));
    return [{ holder, pattern: children[0], shift, aside: placeOf(children[0])![across ? 1 : 0] }];
  });
  const named = list(element.querySelector('.role-axis-label')?.children ?? [])
    .map((text, index) => {
      const share = (ticks[index] ?? 0) / size;
      return { share: across ? share : 1 - share, text: text.textContent ?? '' };
    });
  const title = list(element.querySelectorAll('.role-axis-title text, .role-axis-title tspan'))
    .map((text) => text.textContent ?? '').join(' ');
  const key = `${across ? 'x' : `y${title}`} ${scale.type} ${scale.low} ${scale.high}`;
  return { scale, element, across, key, title, marks, named };
}

export function isOff(x: number, width: number): boolean {
  return x < 0 || x > width;
}

/** @param stays - it belongs to no place, as a legend does */
export function markOf(element: Shape, stays: boolean, isName: boolean): Mark[] {
  const place = placeOf(element);
  const [x, y] = place ?? [0, 0];
  const [dx, dy] = [attribute(element, 'x2'), attribute(element, 'y2')];
  const mark = { element, x, y, dx, dy, path: [], to: null, isName };
  if (stays) return [{ ...mark, kind: 'stays' }];
  if (element.tagName === 'text') return [{ ...mark, kind: 'text' }];
  if (element.tagName === 'line') return [{ ...mark, kind: 'line' }];
  const path = (element.getAttribute('d') ?? '').match(/[a-zA-Z]|-?[\d.]+(?:e-?\d+)?/g) ?? [];
  const parts = path.map((part) => (/^[a-zA-Z]$/.test(part) ? part : Number(part)));
  if (element.tagName !== 'path' || parts.length === 0) return [];
  if (place !== null) return [{ ...mark, kind: 'spot' }];
  // As wide as it was: it marks a place.
  if (element.getAttribute('aria-roledescription') === 'tick') {
    const [, left, top, , width, , height] = parts.map(Number);
    return [{ ...mark, kind: 'stroke', x: left + width / 2, y: top + height / 2 }];
  }
  return [{ ...mark, kind: 'path', path: parts }];
}

/** A name stays as far from its point, or the end of its bar, as it was. */
export function attachTexts(marks: readonly Mark[]): void {
  const near = 40;
  const ends = marks.flatMap((mark): { mark: Mark; x: number; y: number | null }[] => {
    const { kind, x, y, path } = mark;
    if (kind === 'line') return [{ mark, x, y: null }];
    if (kind === 'spot' || kind === 'stroke') return [{ mark, x, y }];
    const isBar = kind === 'path' && path[3] === 'h';
    return isBar ? [{ mark, x: Number(path[1]) + Number(path[4]), y: null }] : [];
  });
  const spots = marks.filter(({ kind }) => kind === 'spot');
  marks.filter(({ isName }) => isName).forEach((text, index) => {
    text.to = spots[index] ?? null;
  });
  for (const text of marks.filter(({ kind, isName }) => kind === 'text' && !isName)) {
    let least = near;
    for (const { mark, x, y } of ends) {
      const far = Math.hypot(x - text.x, y === null ? 0 : y - text.y);
      if (far >= least) continue;
      least = far;
      text.to = mark;
    }
  }
}
