/** What the parts of one Pastry node share. */
import type { CoreConfig } from '../../config.js';
import type { NodeId } from '../../identity.js';
import type { PastryMessage } from './messages.js';
import type { Environment } from '../../process.js';
import type { OverlayUser, Peer } from '../overlay.js';
import type { Contact } from './contact.js';
import type { Neighbourhood } from './neighbourhood.js';
import type { Requests } from './requests.js';

/** A probe or hop is sent so often before its node is taken for dead. */
export const tries = 2;

export interface PastryNode {
  readonly environment: Environment<PastryMessage>;
  readonly user: OverlayUser;
  readonly config: CoreConfig['overlay'];
  readonly self: NodeId;
  /** All configured nodes, this one too, by address; shared by all nodes of a world. */
  readonly peers: readonly Peer[];
  readonly near: Neighbourhood;
  readonly requests: Requests;
  /** This node found that one dead by itself: others may not know. */
  buried(contact: Contact): void;
}

/** The argument of `ManagerTimer.overlayProbe`: what is to be done now and then. */
export const Chore = { meet: 0, beat: 1, watch: 2, join: 3, lookAgain: 4, doubt: 5 } as const;
