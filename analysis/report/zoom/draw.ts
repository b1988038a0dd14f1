/** Places marks and ticks anew. Runs in the browser. */
import type { Box, Page, Shape } from './browser.js';
import { list, type Axis, type Mark, type Panel, type Window, type Windows } from './picture.js';
import { plain, ticksIn, unitOf, valueAt } from './ticks.js';

declare const document: Page;

/** Where a place of the untouched picture comes to lie. */
export function moved(pixel: number, size: number, [from, to]: Window, up: boolean): number {
  const share = up ? 1 - pixel / size : pixel / size;
  const now = (share - from) / (to - from);
  return Math.round((up ? 1 - now : now) * size * 1000) / 1000;
}

export function drawPanel(svg: Shape, panel: Panel, windows: Windows): void {
  const { width, height, x, y, marks } = panel;
  const [across, up] = [x === null ? null : windows[x.key], y === null ? null : windows[y.key]];
  const toX = (pixel: number): number => (across ? moved(pixel, width, across, false) : pixel);
  const toY = (pixel: number): number => (up ? moved(pixel, height, up, true) : pixel);
  const isIn = (px: number, py: number): boolean => px >= -1 && px <= width + 1 &&
    (!up || (py >= -1 && py <= height + 1));
  for (const mark of marks) drawMark(mark, toX, toY, isIn);
  clip(svg, panel, up !== undefined && up !== null);
  for (const axis of [x, y]) {
    const shown = axis === null ? undefined : windows[axis.key];
    if (axis !== null && shown && panel.content === axis.element.parentNode) {
      drawAxis(svg, axis, shown, axis.across ? width : height);
    }
  }
}

/**
 * Leaves out what would be cut off or lie on another text, once all is drawn: names of marks
 * before labels of axes. Half a name says something else than all of it.
 */
export function makeRoom(svg: Shape, panels: readonly Panel[]): void {
  const boxOf = (element: Shape): Box => element.getBoundingClientRect();
  const isSeen = (element: Shape): boolean =>
    element.style.display !== 'none' && element.getAttribute('opacity') !== '0';
  const axes = new Set(panels.flatMap(({ x, y }) => [x, y]));
  const labels = [...axes].flatMap((axis) => axis?.marks ?? []).flatMap(({ holder, pattern }) =>
    (pattern.tagName === 'text' ? list(holder.children) : []));
  const marks = panels.flatMap((panel) => panel.marks);
  const texts = marks.filter(({ kind }) => kind === 'text');
  const movable = new Set([...labels, ...texts.map(({ element }) => element)].filter(isSeen));
  const named = new Set(texts.filter(({ isName }) => isName).map(({ element }) => element));
  const spots = named.size === 0 ? [] : marks.filter(({ kind, element }) =>
    kind === 'spot' && isSeen(element)).map(({ element }) => boxOf(element));
  const taken = list(svg.querySelectorAll('text')).filter((text) =>
    isSeen(text) && !movable.has(text)).map(boxOf);
  const boxes = [...movable].map((text) => [text, boxOf(text)] as const);
  const edge = boxOf(svg);
  for (const [text, box] of boxes) {
    const others = named.has(text) ? [...taken, ...spots] : taken;
    const isCut = box.left < edge.left - 1 || box.top < edge.top - 1 ||
      box.left + box.width > edge.left + edge.width + 1 ||
      box.top + box.height > edge.top + edge.height + 1;
    if (isCut || others.some((other) => touch(box, other))) text.style.display = 'none';
    else taken.push(box);
  }
}

/** Letters are lower than their box, and words stand apart. */
export function touch(one: Box, other: Box): boolean {
  const across = Math.min(one.left + one.width, other.left + other.width) -
    Math.max(one.left, other.left);
  const down = Math.min(one.top + one.height, other.top + other.height) -
    Math.max(one.top, other.top);
  return across > -3 && down > 0.25 * Math.min(one.height, other.height);
}

export function drawMark(
  mark: Mark, toX: (pixel: number) => number, toY: (pixel: number) => number,
  isIn: (x: number, y: number) => boolean,
): void {
  const { element, kind, x, y, dx, dy, path, to, isName } = mark;
  const put = (px: number, py: number): void =>
    element.setAttribute('transform', `translate(${px},${py})`);
  if (kind === 'spot') {
    put(toX(x), toY(y));
    element.style.display = isIn(toX(x), toY(y)) ? '' : 'none';
  } else if (kind === 'stroke') put(toX(x) - x, toY(y) - y);
  else if (kind === 'line') {
    put(toX(x), toY(y));
    element.setAttribute('x2', String(toX(x + dx) - toX(x)));
    element.setAttribute('y2', String(toY(y + dy) - toY(y)));
  } else if (kind === 'path') element.setAttribute('d', placed(path, toX, toY));
  else if (kind === 'text') {
    const [ownX, ownY] = to === null ? [x, y]
      : to.kind === 'path' ? [Number(to.path[1]) + Number(to.path[4]), y] : [to.x, to.y];
    const besides = to === null || to.kind === 'line' || to.kind === 'path';
    const [px, py] = [toX(ownX) + x - ownX, besides ? toY(y) : toY(ownY) + y - ownY];
    put(px, py);
    element.style.display = isIn(toX(ownX), besides ? toY(y) : toY(ownY)) ? '' : 'none';
    // Where points are drawn apart there may be room for a name that had none.
    if (isName) element.setAttribute('opacity', '1');
  }
}

export function placed(
  path: readonly (string | number)[], toX: (pixel: number) => number,
  toY: (pixel: number) => number,
): string {
  let [command, turn] = ['', 0];
  let [atX, atY] = [0, 0];
  const parts = path.map((part) => {
    if (typeof part === 'string') {
      [command, turn] = [part, 0];
      return part;
    }
    const isX = command === 'H' || command === 'h' || (!/[Vv]/.test(command) && turn % 2 === 0);
    turn += 1;
    const isStep = command === 'h' || command === 'v';
    const before = isX ? atX : atY;
    const after = isStep ? before + part : part;
    if (isX) atX = after;
    else atY = after;
    const place = isX ? toX : toY;
    return Math.round((isStep ? place(after) - place(before) : place(after)) * 1000) / 1000;
  });
  return parts.join(' ');
}

/** Keeps what is moved within its plot; where only times move, what rises above it stays. */
export function clip(svg: Shape, panel: Panel, bothWays: boolean): void {
  const { content, width, height, ground } = panel;
  const space = 'http://www.w3.org/2000/svg';
  const id = `zoom-${list(svg.querySelectorAll('.role-frame, .role-scope')).findIndex((group) =>
    group.querySelector(':scope > g > g') === content)}-${svg.getAttribute('data-chart')}`;
  if (svg.querySelector(`#${id}`) === null) {
    const path = document.createElementNS(space, 'clipPath');
    const area = document.createElementNS(space, 'rect');
    const beyond = bothWays ? 0 : 60;
    const sizes = { x: 0, y: -beyond, width, height: height + 2 * beyond };
    for (const [name, value] of Object.entries(sizes)) area.setAttribute(name, String(value));
    path.setAttribute('id', id);
    path.append(area);
    ground.parentNode!.append(path);
  }
  for (const group of list(content.querySelectorAll('.role-mark'))) {
    const isPlaced = /mark-(text|symbol)/.test(group.getAttribute('class') ?? '');
    if (!isPlaced && group.getAttribute('clip-path') === null) {
      group.setAttribute('clip-path', `url(#${id})`);
    }
  }
}

export function drawAxis(svg: Shape, axis: Axis, window: Window, size: number): void {
  const { across, marks } = axis;
  const ticks = ticksIn(axis, window, Math.max(2, Math.floor(size / (across ? 70 : 36))));
  const places = ticks.map(({ share }) => {
    const now = (share - window[0]) / (window[1] - window[0]);
    return Math.round((across ? now : 1 - now) * size);
  });
  for (const { holder, pattern, shift, aside } of marks) {
    holder.replaceChildren(...places.map((place, index) => {
      const one = pattern.cloneNode(true);
      const at = place + shift;
      one.setAttribute('transform', `translate(${across ? `${at},${aside}` : `${aside},${at}`})`);
      if (pattern.tagName === 'text') {
        one.textContent = ticks[index].text;
        one.setAttribute('opacity', '1');
        if (across) one.setAttribute('text-anchor', 'middle');
      }
      return one;
    }));
    if (pattern.tagName !== 'text') continue;
    if (across) lean(svg, holder);
    else squeeze(svg, axis, holder);
  }
}

/** At the ends of a picture labels lean inwards. */
export function lean(svg: Shape, labels: Shape): void {
  const edge = svg.getBoundingClientRect();
  const cut = list(labels.children).flatMap((label) => {
    const { left, width } = label.getBoundingClientRect();
    const over = left < edge.left ? 'start' : left + width > edge.left + edge.width ? 'end' : null;
    return over === null ? [] : [{ label, over }];
  });
  for (const { label, over } of cut) label.setAttribute('text-anchor', over);
}

/** Labels wider than the room to the title, or to the picture's edge, are set narrower. */
export function squeeze(svg: Shape, { element }: Axis, labels: Shape): void {
  const title = element.querySelector('.role-axis-title')?.getBoundingClientRect();
  const drawn = element.querySelector('.role-axis-domain line');
  if (drawn === null) return;
  const length = Math.abs(Number(drawn.getAttribute('y2')));
  const scale = drawn.getBoundingClientRect().height / length;
  const from = Math.max(svg.getBoundingClientRect().left,
    title === undefined || title.width === 0 ? -Infinity : title.left + title.width) + 3;
  for (const label of list(labels.children)) {
    const { left, width } = label.getBoundingClientRect();
    const room = left + width - from;
    if (width <= room || room <= 0) continue;
    label.setAttribute('textLength', String(room / scale));
    label.setAttribute('lengthAdjust', 'spacingAndGlyphs');
  }
}

/** What there is to see now, in words. */
export function told(panels: readonly Panel[], windows: Windows): string {
  const axes = panels.flatMap(({ x, y }) => [x, y]);
  const seen = new Map<string, string>();
  for (const axis of axes) {
    const window = axis === null ? undefined : windows[axis.key];
    if (axis === null || window === undefined || axis.title === '') continue;
    if (window[0] === 0 && window[1] === 1) continue;
    const [unit, name] = unitOf(axis, valueAt(axis.scale, window[1]));
    const [low, high] = window.map((share) => valueAt(axis.scale, share) / unit);
    const isLog = axis.scale.type === 'log';
    const percent = axis.named.some(({ text }) => text.endsWith('%'));
    const range = [low, high].map((value) =>
      plain(value, (isLog ? value : high - low) / 50, percent));
    seen.set(axis.key, `${axis.title}: ${range.join(' to ')}${name}`);
  }
  return [...seen.values()].join('; ');
}
