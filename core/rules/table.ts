/** A value per rule and subject. Each manager has many that stay empty: those cost nothing. */
export class Table<Rule, Subject, Value> {
  #rows: Map<Rule, Map<Subject, Value>> | null = null;

  get(rule: Rule, subject: Subject): Value | undefined {
    return this.#rows?.get(rule)?.get(subject);
  }
  set(rule: Rule, subject: Subject, value: Value): void {
    this.#rows ??= new Map();
    const row = this.#rows.get(rule);
    if (row === undefined) this.#rows.set(rule, new Map([[subject, value]]));
    else row.set(subject, value);
  }
  /** Whether it was there. */
  delete(rule: Rule, subject: Subject): boolean {
    return this.#rows?.get(rule)?.delete(subject) ?? false;
  }
  drop(subject: Subject): void {
    for (const row of this.#rows?.values() ?? []) row.delete(subject);
  }
  subjects(rule: Rule): Iterable<Subject> {
    return this.#rows?.get(rule)?.keys() ?? [];
  }
  *values(): Iterable<Value> {
    for (const row of this.#rows?.values() ?? []) yield* row.values();
  }
  clear(): void {
    // Whoever walks over it comes to an end.
    this.#rows?.clear();
    this.#rows = null;
  }
}
