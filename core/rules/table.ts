/** A value per rule and subject. */
export class Table<Rule, Subject, Value> {
  readonly #rows = new Map<Rule, Map<Subject, Value>>();

  get(rule: Rule, subject: Subject): Value | undefined {
    return this.#rows.get(rule)?.get(subject);
  }
  set(rule: Rule, subject: Subject, value: Value): void {
    const row = this.#rows.get(rule);
    if (row === undefined) this.#rows.set(rule, new Map([[subject, value]]));
    else row.set(subject, value);
  }
  delete(rule: Rule, subject: Subject): void {
    this.#rows.get(rule)?.delete(subject);
  }
  drop(subject: Subject): void {
    for (const row of this.#rows.values()) row.delete(subject);
  }
  *values(): Iterable<Value> {
    for (const row of this.#rows.values()) yield* row.values();
  }
  clear(): void {
    this.#rows.clear();
  }
}
