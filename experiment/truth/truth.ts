import type { Inventory } from '../inventory.js';

/** What is true, and who believes what, by the observation stream alone. */
export class Truth {
  constructor(readonly inventory: Inventory) {}
}
