/** How charts look: dark on white, and told apart by people who see few colours, or in grey. */

/** A vega-lite specification as plain JSON. */
export type ChartSpec = Readonly<Record<string, unknown>>;

export interface Chart {
  /** Stem of its file names. */
  readonly name: string;
  /** What one sees, as a sentence. */
  readonly title: string;
  /** How to read it. */
  readonly caption: string;
  readonly spec: ChartSpec;
}

/** What a chart draws, as rows. */
export interface ChartTable {
  /** What it says beyond its head; empty: nothing. */
  readonly note: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of words; the others are numbers. */
  readonly textColumns: readonly number[];
  /** Where all of it stands. */
  readonly file: string;
  /** What each row is of, where rows are linked with marks: see linked/. */
  readonly keys?: readonly string[];
}

/** A chart as a page shows it. */
export interface PageChart extends Chart {
  /** What each of its panels shows, where it has several: the `concat` of its specification. */
  readonly panels?: readonly string[];
  /** Its colours mean amounts, so that a dark page leaves them as they are. */
  readonly keepsColours?: boolean;
  /** Sentences on what the table shows, computed from it. */
  readonly findings: readonly string[];
  readonly table: ChartTable;
}

export const fonts =
  'system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", "DejaVu Sans", Arial, ' +
  'sans-serif';

/** Okabe and Ito, "Color Universal Design" (2008), without its yellow, too pale on white. */
export const colours = {
  blue: '#0072b2',
  orange: '#e69f00',
  green: '#009e73',
  purple: '#cc79a7',
  sky: '#56b4e9',
  red: '#d55e00',
  black: '#1b1f24',
  grey: '#8a929b',
  pale: '#c9ced4',
} as const;

/** Width of every plot on a screen, so that time axes stand below each other. */
export const plotWidth = 860;

/** What a chart is drawn for. */
export interface Page {
  /** Of its plots and what stands between them. */
  readonly width: number;
  /** Panels beside each other. */
  readonly columns: 1 | 2;
  /** Of plots, as share of that on a screen. */
  readonly height: number;
}

export const screen: Page = { width: plotWidth, columns: 2, height: 1 };
/** Of a page of print: 3.5 inches, at 8 points for letters of 12 pixels. */
export const column: Page = { width: 378, columns: 1, height: 0.7 };

/** Begins the name of a layer that is no part of the plot, as a legend: a zoom leaves it alone. */
export const STAYS = 'stays';
/** Begins the name of a layer of names, one for each point of its plot in the same order. */
export const NAMES = 'names';

/** For letters: a contrast of 4.5 and more on white, in the hues of {@link colours}. */
export const inks: Readonly<Record<string, string>> = {
  [colours.blue]: '#0072b2',
  [colours.orange]: '#8a5f00',
  [colours.green]: '#00704f',
  [colours.purple]: '#9a4575',
  [colours.sky]: '#1b6e9e',
  [colours.red]: '#ac4b00',
  [colours.black]: '#1b1f24',
  [colours.grey]: '#5c646d',
};

export const config = {
  font: fonts,
  background: '#ffffff',
  padding: 6,
  axis: {
    labelColor: '#3b424a',
    titleColor: '#3b424a',
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    domainColor: '#8a929b',
    tickColor: '#8a929b',
    gridColor: '#e9ecef',
    titlePadding: 8,
  },
  legend: {
    labelFontSize: 12,
    titleFontSize: 12,
    labelColor: '#1b1f24',
    titleColor: '#3b424a',
    titleFontWeight: 'normal',
    symbolSize: 110,
    labelLimit: 240,
  },
  title: { color: '#1b1f24', fontSize: 13, fontWeight: 600, anchor: 'start', offset: 8 },
  view: { stroke: null },
  text: { fontSize: 11, color: '#1b1f24' },
} as const;

/** What every specification begins with. */
export const preamble = { $schema: 'https://vega.github.io/schema/vega-lite/v6.json', config };
