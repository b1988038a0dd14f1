/** What those next in line for the coordinator's role are told, and answer. */
import { ballot } from '../identity.js';
import { partDelta } from '../metamodel/delta.js';
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

/** A manager tells one that is next in line what has changed in its part of the model. */
const partCopy = message('part-copy', { code: 53, periodic: 'copy' }, {
  ballot,
  /** Versions count on in it; a later one begins with nothing. */
  stream: uint,
  /** Without descriptors, which are in the inventory. */
  part: partDelta,
});
export type PartCopy = Of<typeof partCopy>;

/** So far the copy goes. */
const partCopied = message('part-copied', { code: 54, periodic: 'copy' }, {
  stream: uint, incarnation: uint, version: uint,
});
export type PartCopied = Of<typeof partCopied>;

export const standbyMessages = [rulesCopy, rulesCopied, partCopy, partCopied] as const;
