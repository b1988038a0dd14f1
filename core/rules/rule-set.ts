/** What a rule file says, once read and checked. Immutable: one set serves all managers. */
export interface RuleSet {
  readonly rules: readonly (LocalRule | GlobalRule)[];
}
export interface Retry {
  readonly delayUs: number;
  readonly factor: number;
  readonly maxUs: number;
}
export interface LocalRule { readonly scope: 'local'; readonly name: string }
export interface GlobalRule { readonly scope: 'global'; readonly name: string }
