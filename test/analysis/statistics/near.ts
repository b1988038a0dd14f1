interface Asserts {
  ok(value: boolean, what: string): unknown;
}

/** Equal but for so much, relative to what is wanted where that is above one. */
export function near(t: Asserts, got: number, wanted: number, by = 1e-9): void {
  const off = Math.abs(got - wanted) / Math.max(1, Math.abs(wanted));
  t.ok(off <= by, `${got} is ${wanted} within ${by}`);
}
