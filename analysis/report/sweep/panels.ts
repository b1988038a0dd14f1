/** Panels beside each other, or one below the other. */
import type { Page } from '../theme.js';

/** Room for the axis of the panel to the right. */
const GAP = 78;

export function panelWidth({ width, columns }: Page): number {
  return (width - GAP) / columns;
}
