/** What managers tell of their parts of the model. */
import { token } from '../identity.js';
import { flag, index, list, nullable, record, uint, values, type Of } from '../wire/record.js';
import { descriptor, state } from './entity.js';

const entryFields = {
  resource: uint,
  token,
  /** The manager has let go of the resource; the rest is as it was last seen. */
  removed: flag,
  agent: index,
  /** Null where the coordinator has seen it at an earlier version. */
  descriptor: nullable(descriptor),
  state,
  incarnation: uint,
  metrics: values,
};
const partEntry = record('partEntry', entryFields);
export type PartEntry = Of<typeof partEntry>;

/** An entry of the part of that manager. */
export const managerEntry = record('managerEntry', { manager: index, ...entryFields });

/** The changes of one manager's part of the model from one version to a later one. */
export const partDelta = record('partDelta', {
  /** Which life of the manager; versions of different lives do not compare. */
  incarnation: uint,
  /** The version that the changes start from; 0 stands for "nothing known": a snapshot. */
  from: uint,
  /** The version after them. */
  to: uint,
  entries: list(partEntry),
});
export type PartDelta = Of<typeof partDelta>;
