/** Keys, wheel, pointer and buttons of a chart. Runs in the browser. */
import type { Box, Happening, Page, Shape } from './browser.js';
import { drawPanel, makeRoom, told } from './draw.js';
import {
  panelsOf, type Axis, type AxisScale, type Panel, type Window, type Windows,
} from './picture.js';

declare const document: Page;

/** Everything within reach of one chart: keys, wheel, pointer, buttons. */
export function zoomable(plot: Shape): void {
  const svg = plot.querySelector('svg');
  const scales = JSON.parse(plot.getAttribute('data-axes') ?? '[]') as (AxisScale | null)[];
  if (svg === null) return;
  const untouched = svg.innerHTML;
  let panels = panelsOf(svg, scales);
  if (panels.length === 0) return;
  // What stands on an axis, as bars do, is to be seen from its foot.
  const isCloud = panels.length === 1 && panels[0].marks.some(({ kind }) => kind === 'spot');
  const windows: Windows = {};
  const axes = (): Axis[] => panels.flatMap(({ x, y }) => [x, isCloud ? y : null])
    .filter((axis) => axis !== null);
  const start = (): void => {
    for (const { key } of axes()) windows[key] = [0, 1];
  };
  const draw = (): void => {
    const moved = Object.values(windows).some(([from, to]) => from > 0 || to < 1);
    if (moved) {
      for (const panel of panels) drawPanel(svg, panel, windows);
      makeRoom(svg, panels);
    } else {
      svg.innerHTML = untouched;
      panels = panelsOf(svg, scales);
    }
    bar.show(moved, told(panels, windows));
  };
  const change: Reach['change'] = (only, next) => {
    let changed = false;
    for (const key of only ?? Object.keys(windows)) {
      const [from, to] = windows[key];
      windows[key] = kept(next([from, to], key));
      changed ||= windows[key][0] !== from || windows[key][1] !== to;
    }
    if (changed) draw();
    return changed;
  };
  const act = (name: string): boolean => {
    const step = { left: -0.25, right: 0.25, down: -0.25, up: 0.25 }[name];
    if (name === 'reset') return change(null, () => [0, 1]);
    if (name === 'in' || name === 'out') {
      return change(null, (window) => scaled(window, name === 'in' ? 0.5 : 2, 0.5));
    }
    const key = name === 'left' || name === 'right' ? 'x' : 'y';
    const own = Object.keys(windows).filter((one) => one.startsWith(key));
    return change(own, ([from, to]) => shifted([from, to], step! * (to - from)));
  };
  start();
  const bar = toolbar(plot, act);
  listen(plot, svg, { act, change, panels: () => panels, axes });
}

export function kept([from, to]: Window): Window {
  const length = Math.min(1, to - from);
  const left = Math.max(0, Math.min(from, 1 - length));
  return length > 0.9999 ? [0, 1] : [left, left + length];
}

/** @param at - the share of the window that stays where it is */
export function scaled([from, to]: Window, factor: number, at: number): Window {
  const length = Math.min(1, Math.max(1 / 256, (to - from) * factor));
  const center = from + (to - from) * at;
  return [center - length * at, center + length * (1 - at)];
}

export function shifted([from, to]: Window, by: number): Window {
  const step = Math.max(-from, Math.min(1 - to, by));
  return [from + step, to + step];
}

export function toolbar(plot: Shape, act: (name: string) => boolean): {
  show(moved: boolean, what: string): void;
} {
  const bar = document.createElement('div');
  bar.className = 'zoom';
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', 'What of the chart is shown');
  const actions = [
    ['in', '+', 'Closer (+)'], ['out', '−', 'Back (−)'], ['left', '←', 'To the left'],
    ['right', '→', 'To the right'], ['reset', 'All', 'All of it (0)'],
  ];
  const buttons = actions.map(([name, text, label]) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text;
    button.setAttribute('aria-label', label);
    button.setAttribute('title', label);
    button.disabled = name !== 'in';
    button.addEventListener('click', () => act(name));
    return { name, button };
  });
  const out = document.createElement('output');
  bar.append(...buttons.map(({ button }) => button), out);
  plot.after(bar);
  return {
    show(moved, what) {
      for (const { name, button } of buttons) button.disabled = name !== 'in' && !moved;
      out.textContent = what;
    },
  };
}

interface Reach {
  readonly act: (name: string) => boolean;
  /** @param only - keys of axes; null: all */
  readonly change: (
    only: readonly string[] | null, next: (window: Window, key: string) => Window,
  ) => boolean;
  readonly panels: () => readonly Panel[];
  readonly axes: () => readonly Axis[];
}

export function listen(plot: Shape, svg: Shape, { act, change, panels, axes }: Reach): void {
  const keys: Record<string, string> = {
    '+': 'in', '=': 'in', '-': 'out', '0': 'reset', Escape: 'reset', ArrowLeft: 'left',
    ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down',
  };
  plot.addEventListener('keydown', (event) => {
    const name = keys[event.key];
    if (name === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (act(name)) event.preventDefault();
  });
  /** Where in which panel the pointer is, in shares of what it shows. */
  const under = (event: Happening): { keys: Record<string, number>; box: Box } | null => {
    for (const { ground, x, y } of panels()) {
      const box = ground.getBoundingClientRect();
      const [right, down] = [
        (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height,
      ];
      if (x === null || right < 0 || right > 1 || down < 0 || down > 1) continue;
      const at: Record<string, number> = { [x.key]: right };
      if (y !== null && axes().includes(y)) at[y.key] = 1 - down;
      return { keys: at, box };
    }
    return null;
  };
  plot.addEventListener('wheel', (event) => {
    const focused = document.activeElement === plot;
    const place = focused || event.ctrlKey || event.metaKey ? under(event) : null;
    if (place === null) return;
    const factor = 2 ** (Math.max(-120, Math.min(120, event.deltaY)) / 240);
    const changed = change(Object.keys(place.keys), (window, key) =>
      scaled(window, factor, place.keys[key]));
    if (changed) event.preventDefault();
  }, { passive: false });
  let drag: { x: number; y: number; keys: readonly string[]; box: Box } | null = null;
  svg.addEventListener('pointerdown', (event) => {
    const place = event.pointerType === 'touch' ? null : under(event);
    if (place === null) return;
    drag = { x: event.clientX, y: event.clientY, keys: Object.keys(place.keys), box: place.box };
  });
  svg.addEventListener('pointermove', (event) => {
    if (drag === null || event.buttons !== 1) return;
    const { x, y, keys: own, box } = drag;
    const by = { x: (x - event.clientX) / box.width, y: (event.clientY - y) / box.height };
    const changed = change(own, ([from, to], key) =>
      shifted([from, to], (key.startsWith('x') ? by.x : by.y) * (to - from)));
    drag = { ...drag, x: event.clientX, y: event.clientY };
    if (changed) svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener('dblclick', () => act('reset'));
}
