/** One more of a kind, as a change of the sources. */
export interface Addition {
  readonly name: string;
  /** The file that the new one is defined in: of its own, or where others of its kind stand. */
  readonly own: string;
  /** Files that it may touch besides, beside tests and docs; default: 1, where it is listed. */
  readonly mayTouch?: number;
  /** What is put in front of a text that a file has once; or stands in a new file. */
  readonly changes: readonly {
    readonly file: string; readonly before?: string; readonly put: string;
  }[];
  /** A scenario, and what is true of the summary of its run if the new one is at work. */
  readonly scenario?: string;
  readonly works?: (summary: Summary) => boolean;
  /** Words after `sim`, and what is printed then. */
  readonly command?: string;
  readonly prints?: string;
}

export interface Summary {
  readonly messages: {
    readonly byType: Readonly<Record<string, { readonly sent: number } | undefined>>;
  };
  readonly final: { readonly healthy: boolean };
  readonly faults: { readonly injected: number };
  readonly overlay: { readonly name: string };
  readonly detection: {
    readonly count: number; readonly seconds: { readonly mean: number | null };
  };
  readonly recovery: { readonly perFault: { readonly max: number | null } };
  readonly invariants: { readonly broken: readonly { readonly name: string }[] };
  readonly pauses?: { readonly count: number };
  readonly rules: { readonly actions: { readonly succeeded: number } };
}
