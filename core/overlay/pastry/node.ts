/** What the parts of one Pastry node share. */
import type { NodeId } from '../../identity.js';
import type { PastryMessage } from './messages.js';
import type { Environment } from '../../process.js';
import type { OverlayUser, Peer } from '../overlay.js';
import type { OverlaySettings } from '../settings.js';
import type { Contact } from './contact.js';
import type { Neighbourhood } from './neighbourhood.js';
import type { Requests } from './requests.js';

export interface PastryNode {
  readonly environment: Environment<PastryMessage>;
  readonly user: OverlayUser;
  readonly config: OverlaySettings;
  readonly self: NodeId;
  /** Known from the start, in order of address; this one may be among them. */
  readonly seeds: readonly Peer[];
  readonly near: Neighbourhood;
  readonly requests: Requests;
  /** This node found that one dead by itself: others may not know. */
  buried(contact: Contact): void;
}
