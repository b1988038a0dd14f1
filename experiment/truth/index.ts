export { ballotKey, BallotNumbers, NO_BALLOT } from './ballots.js';
export { ListingTable, NONE } from './listings.js';
export { ModelTable } from './model.js';
export { PointerTable } from './pointers.js';
export { ProcessTable, type ProcessStatus } from './processes.js';
export { Reachability } from './reachability.js';
export { ResourceTable } from './resources.js';
export { ABSENT, DOWN, STARTING, stateCode, stateName, STOPPED, UP } from './states.js';
export { Truth, type TruthListener } from './truth.js';
