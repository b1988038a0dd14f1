/** Panels beside each other, or one below the other. */
import type { Page } from '../theme.js';

/** Room for the axis of the panel to the right. */
const GAP = 78;

/** @param count - of the panels: one alone takes all the room, as the title above it does */
export function panelWidth({ width, columns }: Page, count: number): number {
  return (width - GAP) / Math.min(columns, count);
}
