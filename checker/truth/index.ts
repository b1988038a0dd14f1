export { ballotKey, BallotNumbers, NO_BALLOT } from './ballots.js';
export { ListingTable, NONE } from './listings.js';
export { Reachability } from './reachability.js';
export {
  ABSENT, DOWN, STARTING, stateCode, stateName, STOPPED, STOPPING, UNKNOWN, UNREACHABLE, UP,
} from './states.js';
export { Truth, type TruthListener } from './truth.js';
