/** Figures as PDF, with the letters' font within. pdfkit and the fonts are optional packages. */
import { createRequire } from 'node:module';
import { sizeOf } from './svg-size.js';

/** Of pdfkit, as far as we use it: none of its types are needed to build. */
interface Document {
  registerFont(name: string, file: string): void;
  on(event: 'data', heard: (piece: Buffer) => void): void;
  on(event: 'end', heard: () => void): void;
  end(): void;
}
type Pdfkit = new (options: object) => Document;
type Convert = (
  document: Document, svg: string, x: number, y: number, options: object,
) => void;

/** What must be installed, as npm is told. */
export const pdfPackages: readonly string[] =
  ['pdfkit@0.20.2', 'svg-to-pdfkit@0.1.8', 'dejavu-fonts-ttf@2.37.3'];

const fonts = { plain: 'DejaVuSans.ttf', bold: 'DejaVuSans-Bold.ttf' } as const;

/** Of an SVG document, so many points wide. The same bytes every time. */
export type PdfWriter = (svg: string, width: number) => Promise<Buffer>;

/** Null: a package is not here. */
export function pdfWriter(): PdfWriter | null {
  const require = createRequire(import.meta.url);
  let pdfkit: Pdfkit;
  let convert: Convert;
  let files: readonly (readonly [name: string, file: string])[];
  try {
    pdfkit = require('pdfkit') as Pdfkit;
    convert = require('svg-to-pdfkit') as Convert;
    files = Object.entries(fonts).map(([name, file]) =>
      [name, require.resolve(`dejavu-fonts-ttf/ttf/${file}`)] as const);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    return null;
  }
  return (svg, width) => new Promise((resolve, reject) => {
    const size = sizeOf(svg);
    const height = (size.height * width) / size.width;
    const document = new pdfkit({
      size: [width, height], margin: 0,
      // Of the time of writing, it would differ from one to the next.
      info: { CreationDate: new Date(0), Producer: 'Howdah', Creator: 'Howdah' },
    });
    const pieces: Buffer[] = [];
    document.on('data', (piece) => pieces.push(piece));
    document.on('end', () => resolve(Buffer.concat(pieces)));
    try {
      for (const [name, file] of files) document.registerFont(name, file);
      const fontCallback = (_: string, bold: boolean): string => (bold ? 'bold' : 'plain');
      // A warning is of something that the picture would lack.
      const warningCallback = (warning: string): void => { throw new Error(warning); };
      // A dash without a gap is a whole line; pdfkit refuses it.
      const whole = svg.replace(/ stroke-dasharray="[\d.]+,0"/g, '');
      convert(document, whole, 0, 0, { width, height, fontCallback, warningCallback });
      document.end();
    } catch (error) {
      reject(error);
    }
  });
}
