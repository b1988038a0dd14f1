/** What agents, the coordinator and those who keep copies of the inventory say to each other. */
import { ballot, token } from '../identity.js';
import { descriptor } from '../metamodel/entity.js';
import {
  flag, index, list, message, nullable, record, uint, word, type Of,
} from '../wire/record.js';

/** An agent asks that its resources be registered; any manager passes it on to the coordinator. */
const resourceEnrol = message('resource-enrol', { code: 39 }, {
  agent: index,
  hops: uint,
  entries: list(record('enrolment', {
    resource: uint,
    /** Under which it is registered, as far as its agent knows; null: it has not heard yet. */
    number: nullable(token),
    incarnation: uint,
    descriptor,
  })),
});
export type ResourceEnrol = Of<typeof resourceEnrol>;

/**
 * How a registration stands. `registered`: on the coordinator's disk and with its standbys.
 * `decommissioned`: this number is. `taken`: another node has registered under that name.
 * `gone-back`: a later life of it is registered. `unknown`: ask once more.
 */
const standing = word(['registered', 'decommissioned', 'taken', 'gone-back', 'unknown']);

/** The coordinator's answer; also sent when a resource is decommissioned, or not known. */
const resourceEnrolled = message('resource-enrolled', { code: 40 }, {
  ballot,
  entries: list(record('enrolled', {
    resource: uint,
    /** Of what is unknown it says nothing. */
    number: token,
    standing,
  })),
});
export type ResourceEnrolled = Of<typeof resourceEnrolled>;

/**
 * An agent is asked after what its host has retired, so somebody takes it for registered; any
 * manager passes that on to the coordinator.
 */
const resourceRetired = message('resource-retired', { code: 50 }, {
  agent: index,
  hops: uint,
  entries: list(record('retirement', {
    resource: uint,
    /** Under which it was registered when it was retired, as far as the agent knows. */
    number: nullable(token),
  })),
});
export type ResourceRetired = Of<typeof resourceRetired>;

/** Whoever runs the system wants these gone: one manager is told, and tells the coordinator. */
const resourceDecommission = message('resource-decommission', { code: 48 }, {
  /** Who is to be answered. */
  asker: index,
  hops: uint,
  resources: list(uint),
});
export type ResourceDecommission = Of<typeof resourceDecommission>;

/** They are gone from the coordinator's disk and from all standbys. */
const resourceDecommissioned = message('resource-decommissioned', { code: 49 }, {
  ballot, resources: list(uint),
});
export type ResourceDecommissioned = Of<typeof resourceDecommissioned>;

const passed = record('passed', { upTo: list(token), single: list(token) });

/**
 * Who keeps a copy tells the coordinator what it has, so that what only the copy holds, or only
 * the copy knows to be decommissioned, is known there too.
 */
const inventoryOffer = message('inventory-offer', { code: 41 }, {
  ballot, stream: uint, version: uint, checksum: uint, passed,
});
export type InventoryOffer = Of<typeof inventoryOffer>;

const inventoryChange = record('inventoryChange', {
  resource: uint, number: token, agent: index, incarnation: uint,
  /** Null: decommissioned. */
  descriptor: nullable(descriptor),
});

/** Changes of the sender's copy. Versions count in its stream: a life of that node. */
const inventoryCopy = message('inventory-copy', { code: 42 }, {
  ballot,
  stream: uint,
  /** 0: the first piece of a whole copy. */
  from: uint,
  to: uint,
  entries: list(inventoryChange),
  /** With the last piece: how far the sender has counted. */
  passed: nullable(passed),
});
export type InventoryCopy = Of<typeof inventoryCopy>;

/** The sender holds everything of that stream up to `version`. */
const inventoryCopied = message('inventory-copied', { code: 43 }, {
  ballot,
  stream: uint,
  version: uint,
  /** From the coordinator: the copy is not needed any more. */
  drop: flag,
  /** From the coordinator: both hold the same, and this is where its own stream stands; or null. */
  level: nullable(record('level', { stream: uint, version: uint })),
});
export type InventoryCopied = Of<typeof inventoryCopied>;

/** What is for the coordinator's registry, whichever manager gets it. */
export type RegistryMessage = ResourceEnrol | ResourceRetired | ResourceDecommission;

export const inventoryMessages = [
  resourceEnrol, resourceEnrolled, resourceRetired, resourceDecommission, resourceDecommissioned,
  inventoryOffer, inventoryCopy, inventoryCopied,
] as const;
