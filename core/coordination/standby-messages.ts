/** What a coordinator and its next in line say to each other of what global rules keep in mind. */
import { ballot } from '../identity.js';
import { groupMemory, placeMemory } from '../rules/memory.js';
import { flag, index, list, message, nullable, uint, type Of } from '../wire/record.js';

const rulesCopy = message('rules-copy', { code: 46 }, {
  ballot,
  /** The version that this goes on from; 0: from the beginning. */
  from: uint,
  to: uint,
  /** That of the coordinator: more than `to` where messages follow. */
  version: uint,
  /** False: the receiver is next in line no more, and forgets what it was told. */
  isHeir: flag,
  groups: list(groupMemory),
  /** All that brakes of the scenario have counted; null: as before. */
  places: nullable(list(placeMemory)),
});
export type RulesCopy = Of<typeof rulesCopy>;

/** All up to that version has come; -1: none under that ballot. */
const rulesCopied = message('rules-copied', { code: 47 }, { ballot, version: index });
export type RulesCopied = Of<typeof rulesCopied>;

export const standbyMessages = [rulesCopy, rulesCopied] as const;
