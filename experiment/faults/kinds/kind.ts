/**
 * All there is to say of a kind of fault: how users write it, what it does, what it means for what
 * can be promised, how it is told, and how it is made smaller. A file of this folder each; index.ts
 * lists them. Nobody else asks who a kind is, only for what it declares.
 */
import type { z } from 'zod';
import type { Observation } from '../../../core/observations.js';
import type { Address } from '../../../core/process.js';
import type { Complaint, ScenarioPath } from '../../language/error.js';
import type { GivenTarget, Party, Places } from '../../language/targets.js';
import type { FaultControls } from '../../world.js';
import type { LinkAim, LinkContext } from '../link-aims.js';
import type { Terrain } from '../terrain.js';

/** What an entry of `faults` says beside its kind, for those that heed it. */
export interface Beside {
  readonly afterCalls?: number | undefined;
  readonly loseState?: true | undefined;
  readonly of?: readonly GivenTarget[] | undefined;
}

/** What a kind reads its settings with. */
export interface Reader {
  /** Of what is read: `faults`, 3, `crash`. */
  readonly path: ScenarioPath;
  readonly beside: Beside;
  readonly system: Places & {
    readonly resources: readonly { readonly labels: Readonly<Record<string, string>> }[];
    readonly service: { readonly managerUs: number; readonly agentUs: number };
  };
}

/** Of the time of an entry. */
export interface Timing {
  readonly kind: 'at' | 'every' | 'during' | 'random' | 'trace';
  readonly repairs: boolean;
}

/** What is wrong with it, and where: under the key of its time, of its kind, or in all of it. */
export interface TimeComplaint extends Complaint {
  readonly key: 'time' | 'kind' | 'entry';
}

/** What a world may be unable to do. */
export type Ability = 'links' | 'clocks' | 'service times' | 'calls' | 'stores';

/** Whom a strike hit, and what can be done to them. What faults do may overlap. */
export interface Hands {
  readonly controls: FaultControls;
  /** Its own repair brings back what it takes. */
  readonly mends: boolean;
  /** All go down at once; `hold`: resources stay down until the repair. */
  crash(hold: boolean): void;
  /** Each goes down in its own time, as `go` has it. */
  goDown(go: (address: Address) => void): void;
  /** Those that are still to go down so are not to any more. */
  spare(): void;
  /** What is down by this fault comes up again. */
  repair(): void;
  /** Those that it hit, and all of the hosts that it hit. */
  resources(): readonly number[];
  hosts(): readonly Address[];
  pause(): void;
  resume(): void;
  /** What faults under way make of a host together, by the values of all. */
  put<Value>(value: Value, apply: (host: Address, values: readonly Value[]) => void): void;
  take<Value>(apply: (host: Address, values: readonly Value[]) => void): void;
}

/** What other faults do to a host. */
export interface HostStanding {
  readonly isPaused: boolean;
  readonly isLeaving: boolean;
}

/** How it is told: a clause for its begin, one for its end. */
export interface FaultWords {
  /** @param whom - in full, for kinds that hit nodes; else what it is about */
  readonly began: (whom: string, several: boolean) => string;
  readonly ended: (whom: string) => string;
  /** The begin as a noun; left out: `the crash`. */
  readonly begin?: string;
}

interface Common<Action, Given> {
  readonly name: string;
  /** What stands under its name in an entry of `faults`. */
  readonly settings: z.ZodType<Given>;
  /** Of that, for users. */
  readonly meaning: string;
  /** What an entry may say beside it. */
  readonly heeds?: readonly (keyof Beside | 'flapping')[];
  /** @throws SettingError */
  read(given: Given, reader: Reader): Action;
  /** The keys of an entry, as a user would write them. */
  settingsOf(action: Action, places: Pick<Places, 'zones'>): object;
  /** Null: it may happen then. */
  wrongTime?(timing: Timing): TimeComplaint | null;
  /** Its repair, where the entry gives none, comes at once. */
  readonly repairedAtOnce?: boolean;
  /** Worlds without one of these refuse it. */
  readonly needs?: readonly Ability[];
  readonly words: FaultWords;
  /** While such a fault lasts, nothing is promised: why; null: it is. */
  unpromised?(action: Action): string | null;
  /** Milder ones of its kind, the mildest first. */
  weaker?(action: Action): Iterable<Action>;
}

/** It hits nodes that its targets name. */
export interface NodeFault<Action = never, Given = never> extends Common<Action, Given> {
  readonly hits: 'nodes' | 'hosts' | 'managers';
  /** Why nobody else. */
  readonly unfit?: Complaint;
  /** Its targets stand under that key of its settings. */
  readonly targetsUnder?: string;
  /** Of what they were: they are down, they stand still, or nothing. */
  readonly takes: 'life' | 'time' | 'nothing';
  /** Also whoever is down: it is about the machine, or brings it up. */
  readonly hitsTheDown?: boolean;
  /** Also resources that are down. */
  readonly hitsAnyResource?: boolean;
  /** Those that it hits are there from then on, or not any more. */
  readonly presence?: 'begins' | 'ends';
  /** Whoever stands so is passed over. */
  passesOver?(host: HostStanding): boolean;
  /** Its victims go down in their own time: its repair is reckoned from when all are. */
  takesItsTime?(action: Action): boolean;
  begin(action: Action, hands: Hands): void;
  /** It is to end while some are on their way down. */
  recall?(hands: Hands): void;
  end(action: Action, hands: Hands): void;
}

/** Hosts by whose links a fault goes, and where in its entry they stand. */
export interface Among {
  readonly parties: readonly Party[];
  readonly path: ScenarioPath;
}

/** It does something to links. */
export interface LinkFault<Action = never, Given = never> extends Common<Action, Given> {
  readonly hits: 'links';
  /** Some hosts do not reach others. */
  readonly cuts?: boolean;
  /** Share of all messages that is lost meanwhile. */
  lost?(action: Action): number;
  parties?(action: Action): readonly Among[];
  /** Null: there is nobody whose links could be hit. */
  aim(action: Action, context: LinkContext): LinkAim | null;
}

/** It goes on by itself: each step is a fault that restarts a resource. */
export interface SerialFault<Action = never, Given = never> extends Common<Action, Given> {
  readonly hits: 'in turn';
  readonly takes: 'life';
  unfold(action: Action, terrain: Terrain, controls: FaultControls, steps: Steps): Unfolding;
}

/** What a fault that goes on by itself asks for; never at the instant at which it is told. */
export interface Steps {
  /** Has {@link Unfolding.due} called with the same number after a delay. */
  schedule(what: number, delayUs: number): void;
  /** Restarts a resource; `what` is a number of its own. */
  restart(resource: number, what: number): void;
  /** A resource was due that is down, and was passed over. */
  skipped(): void;
}

/** How such a fault is going. */
export interface Unfolding {
  begin(): void;
  /** What {@link Steps.schedule} was told. */
  due(what: number): void;
  observe(process: Address, observation: Observation): void;
  /** No other step follows. */
  stop(): void;
}

/** It ends all others, for good. */
export interface Healing<Action = never, Given = never> extends Common<Action, Given> {
  readonly hits: 'all';
}

export type FaultKind<Action = never, Given = never> =
  | NodeFault<Action, Given> | LinkFault<Action, Given> | SerialFault<Action, Given>
  | Healing<Action, Given>;
