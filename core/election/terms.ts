/** What an election adds to the bounds of docs/bounds.md; without the time that messages take. */
export interface ElectionTerms {
  /** From when a request has come to whoever decides to the decision: to take a ballot or not. */
  readonly decideUs: number;
  /** A request without effect is made anew after that. */
  readonly requestUs: number;
  /** The holder of a greater ballot is asked anew after that. */
  readonly askUs: number;
  /** From a node's start until it answers requests. */
  readonly startUs: number;
  /**
   * From when a node hears of a greater ballot until it acknowledges it, if its holder answers the
   * last of so many questions, and the node hears of the ballot again once a period.
   */
  acknowledgeUs(questions: number, heardPeriodUs: number): number;
}
