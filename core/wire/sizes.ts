// Made by scripts/generate-sizes.mjs of the definitions in core/messages.ts: not to be edited.
// 4c7a6584bcb5cb000215a0c99cbf8974
/** The sizes of the messages that come along: the same as by the plain loop of record.ts. */
import type { Message } from './record.js';
import { labelsSize, textSize, uintSize, valuesSize } from './size.js';

/** With code and checksum; -1: it is none of these, or carries what its kind mostly does not. */
export function builtInSize(message: Message): number {
  switch (message.type) {
    case 'resource-heartbeat': return 5 + resourceHeartbeat(message as never);
    case 'resource-heartbeat-answer': return 5 + resourceHeartbeatAnswer(message as never);
    case 'resource-unknown': return 5 + resourceUnknown(message as never);
    case 'resource-register': return 5 + resourceRegister(message as never);
    case 'resource-assign': return 5 + resourceAssign(message as never);
    case 'resource-assigned': return 5 + resourceAssigned(message as never);
    case 'resource-accepted': return 5 + resourceAccepted(message as never);
    case 'resource-release': return 5 + resourceRelease(message as never);
    case 'agent-probe': return 5 + agentProbe(message as never);
    case 'agent-probe-answer': return 5 + agentProbeAnswer(message as never);
    case 'manager-heartbeat': return 5 + managerHeartbeat(message as never);
    case 'manager-heartbeat-answer': return 5 + managerHeartbeatAnswer(message as never);
    case 'model-snapshot': return 5 + modelSnapshot(message as never);
    case 'model-handover': return 5 + modelHandover(message as never);
    case 'coordinator-status': return 5 + coordinatorStatus(message as never);
    case 'coordinator-probe': return 5 + coordinatorProbe(message as never);
    case 'election-request': return 5 + electionRequest(message as never);
    case 'coordinator-announce': return 5 + coordinatorAnnounce(message as never);
    case 'overlay-probe': return 5 + overlayProbe(message as never);
    case 'overlay-probe-answer': return 5 + overlayProbeAnswer(message as never);
    case 'overlay-route':
      return carries(message, 'election-request') ? 5 + overlayRoute(message as never) +
        electionRequest(message.payload as never) : -1;
    case 'overlay-ack': return 5 + overlayAck(message as never);
    case 'overlay-broadcast':
      return carries(message, 'coordinator-announce') ? 5 + overlayBroadcast(message as never) +
        coordinatorAnnounce(message.payload as never) : -1;
    case 'action-request': return 5 + actionRequest(message as never);
    case 'action-outcome': return 5 + actionOutcome(message as never);
    case 'resource-hand-over': return 5 + resourceHandOver(message as never);
    case 'manager-leave': return 5 + managerLeave(message as never);
    case 'coordinator-yield': return 5 + coordinatorYield(message as never);
    case 'overlay-spread':
      return carries(message, 'coordinator-announce') ? 5 + overlaySpread(message as never) +
        coordinatorAnnounce(message.payload as never) : -1;
    case 'overlay-heartbeat': return 5 + overlayHeartbeat(message as never);
    case 'overlay-leaves': return 5 + overlayLeaves(message as never);
    case 'overlay-leaves-answer': return 5 + overlayLeavesAnswer(message as never);
    case 'overlay-find': return 5 + overlayFind(message as never);
    case 'overlay-found': return 5 + overlayFound(message as never);
    case 'overlay-leave': return 5 + overlayLeave(message as never);
    case 'coordinator-missed': return 5 + coordinatorMissed(message as never);
    case 'coordinator-sighted': return 5 + coordinatorSighted(message as never);
    case 'action-check': return 5 + actionCheck(message as never);
    case 'action-confirmed': return 5 + actionConfirmed(message as never);
    case 'resource-enrol': return 5 + resourceEnrol(message as never);
    case 'resource-enrolled': return 5 + resourceEnrolled(message as never);
    case 'inventory-offer': return 5 + inventoryOffer(message as never);
    case 'inventory-copy': return 5 + inventoryCopy(message as never);
    case 'inventory-copied': return 5 + inventoryCopied(message as never);
    case 'resource-entrust': return 5 + resourceEntrust(message as never);
    case 'rules-remember': return 5 + rulesRemember(message as never);
    case 'rules-copy': return 5 + rulesCopy(message as never);
    case 'rules-copied': return 5 + rulesCopied(message as never);
    case 'resource-decommission': return 5 + resourceDecommission(message as never);
    case 'resource-decommissioned': return 5 + resourceDecommissioned(message as never);
    case 'resource-retired': return 5 + resourceRetired(message as never);
    case 'permit-request': return 5 + permitRequest(message as never);
    case 'permit-answers': return 5 + permitAnswers(message as never);
    case 'part-copy': return 5 + partCopy(message as never);
    case 'part-copied': return 5 + partCopied(message as never);
    default: return -1;
  }
}

type Enveloping = Message & { readonly payload: Message };

function carries(message: Message, type: string): message is Enveloping {
  return (message as Enveloping).payload.type === type;
}

interface ResourceHeartbeat {
  readonly resource: number;
  readonly tokenBallot: Ballot;
  readonly tokenSequence: number;
  readonly handle: number;
  readonly sequence: number;
  readonly incarnation: number;
  readonly metrics: readonly number[] | null;
}

function resourceHeartbeat(of: ResourceHeartbeat): number {
  return 1 +
    uintSize(of.resource) +
    ballot(of.tokenBallot) +
    uintSize(of.tokenSequence) +
    uintSize(of.handle + 1) +
    uintSize(of.sequence) +
    uintSize(of.incarnation) +
    valuesSize(of.metrics);
}

interface Ballot {
  readonly counter: number;
  readonly incarnation: number;
  readonly address: number;
}

function ballot(of: Ballot): number {
  return 16 +
    uintSize(of.counter) +
    uintSize(of.incarnation) +
    uintSize(of.address + 1);
}

interface ResourceHeartbeatAnswer {
  readonly resource: number;
  readonly sequence: number;
  readonly ballot: Ballot | null;
  readonly alternate: number;
}

function resourceHeartbeatAnswer(of: ResourceHeartbeatAnswer): number {
  return uintSize(of.resource) +
    uintSize(of.sequence) +
    (of.ballot === null ? 1 : 1 + ballot(of.ballot)) +
    uintSize(of.alternate + 1);
}

interface ResourceUnknown {
  readonly resource: number;
  readonly token: Token;
  readonly ballot: Ballot | null;
}

function resourceUnknown(of: ResourceUnknown): number {
  return uintSize(of.resource) +
    token(of.token) +
    (of.ballot === null ? 1 : 1 + ballot(of.ballot));
}

interface Token {
  readonly ballot: Ballot;
  readonly sequence: number;
}

function token(of: Token): number {
  return ballot(of.ballot) +
    uintSize(of.sequence);
}

interface ResourceRegister {
  readonly agent: number;
  readonly hops: number;
  readonly ballot: Ballot | null;
  readonly entries: readonly Registration[];
}

function resourceRegister(of: ResourceRegister): number {
  return uintSize(of.agent + 1) +
    uintSize(of.hops) +
    (of.ballot === null ? 1 : 1 + ballot(of.ballot)) +
    registrationList(of.entries);
}

interface Registration {
  readonly resource: number;
  readonly descriptor: Descriptor;
  readonly incarnation: number;
  readonly lost: Token | null;
  readonly silent: number;
}

function registration(of: Registration): number {
  return 1 +
    uintSize(of.resource) +
    descriptor(of.descriptor) +
    uintSize(of.incarnation) +
    (of.lost === null ? 1 : 1 + token(of.lost)) +
    uintSize(of.silent + 1);
}

interface Descriptor {
  readonly name: string;
  readonly kind: string;
  readonly host: string;
  readonly zone: string;
  readonly labels: Readonly<Record<string, string>>;
}

function descriptor(of: Descriptor): number {
  return textSize(of.name) +
    textSize(of.kind) +
    textSize(of.host) +
    textSize(of.zone) +
    labelsSize(of.labels);
}

interface ResourceAssign {
  readonly ballot: Ballot;
  readonly entries: readonly Assignment[];
}

function resourceAssign(of: ResourceAssign): number {
  return ballot(of.ballot) +
    assignmentList(of.entries);
}

interface Assignment {
  readonly resource: number;
  readonly agent: number;
  readonly token: Token;
  readonly descriptor: Descriptor;
  readonly incarnation: number;
}

function assignment(of: Assignment): number {
  return 1 +
    uintSize(of.resource) +
    uintSize(of.agent + 1) +
    token(of.token) +
    descriptor(of.descriptor) +
    uintSize(of.incarnation);
}

interface ResourceAssigned {
  readonly ballot: Ballot | null;
  readonly entries: readonly Offer[];
  readonly alternates: readonly number[];
}

function resourceAssigned(of: ResourceAssigned): number {
  return (of.ballot === null ? 1 : 1 + ballot(of.ballot)) +
    offerList(of.entries) +
    indexList(of.alternates);
}

interface Offer {
  readonly resource: number;
  readonly token: Token;
  readonly handle: number;
}

function offer(of: Offer): number {
  return uintSize(of.resource) +
    token(of.token) +
    uintSize(of.handle + 1);
}

interface ResourceAccepted {
  readonly entries: readonly Pointer[];
}

function resourceAccepted(of: ResourceAccepted): number {
  return pointerList(of.entries);
}

interface Pointer {
  readonly resource: number;
  readonly offered: Token;
  readonly token: Token | null;
  readonly manager: number;
}

function pointer(of: Pointer): number {
  return uintSize(of.resource) +
    token(of.offered) +
    (of.token === null ? 1 : 1 + token(of.token)) +
    uintSize(of.manager + 1);
}

interface ResourceRelease {
  readonly ballot: Ballot;
  readonly entries: readonly Release[];
}

function resourceRelease(of: ResourceRelease): number {
  return ballot(of.ballot) +
    releaseList(of.entries);
}

interface Release {
  readonly resource: number;
  readonly token: Token;
}

function release(of: Release): number {
  return uintSize(of.resource) +
    token(of.token);
}

interface AgentProbe {
  readonly entries: readonly Offer[];
  readonly ballot: Ballot | null;
}

function agentProbe(of: AgentProbe): number {
  return offerList(of.entries) +
    (of.ballot === null ? 1 : 1 + ballot(of.ballot));
}

interface AgentProbeAnswer {
  readonly entries: readonly Pointer[];
}

function agentProbeAnswer(of: AgentProbeAnswer): number {
  return pointerList(of.entries);
}

interface ManagerHeartbeat {
  readonly sequence: number;
  readonly ballot: Ballot;
  readonly version: number;
  readonly unanswered: number;
  readonly part: PartDelta;
}

function managerHeartbeat(of: ManagerHeartbeat): number {
  return uintSize(of.sequence) +
    ballot(of.ballot) +
    uintSize(of.version) +
    uintSize(of.unanswered) +
    partDelta(of.part);
}

interface PartDelta {
  readonly incarnation: number;
  readonly from: number;
  readonly to: number;
  readonly entries: readonly PartEntry[];
}

function partDelta(of: PartDelta): number {
  return uintSize(of.incarnation) +
    uintSize(of.from) +
    uintSize(of.to) +
    partEntryList(of.entries);
}

interface PartEntry {
  readonly resource: number;
  readonly token: Token;
  readonly agent: number;
  readonly descriptor: Descriptor | null;
  readonly incarnation: number;
  readonly metrics: readonly number[] | null;
}

function partEntry(of: PartEntry): number {
  return 2 +
    uintSize(of.resource) +
    token(of.token) +
    uintSize(of.agent + 1) +
    (of.descriptor === null ? 1 : 1 + descriptor(of.descriptor)) +
    uintSize(of.incarnation) +
    valuesSize(of.metrics);
}

interface ManagerHeartbeatAnswer {
  readonly sequence: number;
  readonly ballot: Ballot;
  readonly incarnation: number;
  readonly version: number;
  readonly heirs: readonly number[] | null;
}

function managerHeartbeatAnswer(of: ManagerHeartbeatAnswer): number {
  return uintSize(of.sequence) +
    ballot(of.ballot) +
    uintSize(of.incarnation) +
    uintSize(of.version) +
    (of.heirs === null ? 1 : 1 + indexList(of.heirs));
}

interface ModelSnapshot {
  readonly ballot: Ballot;
  readonly part: PartDelta;
}

function modelSnapshot(of: ModelSnapshot): number {
  return ballot(of.ballot) +
    partDelta(of.part);
}

interface ModelHandover {
  readonly ballot: Ballot;
  readonly entries: readonly ManagerEntry[];
}

function modelHandover(of: ModelHandover): number {
  return ballot(of.ballot) +
    managerEntryList(of.entries);
}

interface ManagerEntry {
  readonly manager: number;
  readonly resource: number;
  readonly token: Token;
  readonly agent: number;
  readonly descriptor: Descriptor | null;
  readonly incarnation: number;
  readonly metrics: readonly number[] | null;
}

function managerEntry(of: ManagerEntry): number {
  return 2 +
    uintSize(of.manager + 1) +
    uintSize(of.resource) +
    token(of.token) +
    uintSize(of.agent + 1) +
    (of.descriptor === null ? 1 : 1 + descriptor(of.descriptor)) +
    uintSize(of.incarnation) +
    valuesSize(of.metrics);
}

interface CoordinatorStatus {
  readonly ballot: Ballot | null;
}

function coordinatorStatus(of: CoordinatorStatus): number {
  return 2 +
    (of.ballot === null ? 1 : 1 + ballot(of.ballot));
}

interface CoordinatorProbe {
  readonly ballot: Ballot | null;
}

function coordinatorProbe(of: CoordinatorProbe): number {
  return (of.ballot === null ? 1 : 1 + ballot(of.ballot));
}

interface ElectionRequest {
  readonly requester: number;
  readonly suspected: Ballot | null;
}

function electionRequest(of: ElectionRequest): number {
  return uintSize(of.requester + 1) +
    (of.suspected === null ? 1 : 1 + ballot(of.suspected));
}

interface CoordinatorAnnounce {
  readonly ballot: Ballot;
}

function coordinatorAnnounce(of: CoordinatorAnnounce): number {
  return ballot(of.ballot);
}

interface OverlayProbe {
  readonly sequence: number;
  readonly ballot: Ballot | null;
}

function overlayProbe(of: OverlayProbe): number {
  return 16 +
    uintSize(of.sequence) +
    (of.ballot === null ? 1 : 1 + ballot(of.ballot));
}

interface OverlayProbeAnswer {
  readonly sequence: number;
  readonly ballot: Ballot | null;
  readonly nearest: Peer | null;
}

function overlayProbeAnswer(of: OverlayProbeAnswer): number {
  return 16 +
    uintSize(of.sequence) +
    (of.ballot === null ? 1 : 1 + ballot(of.ballot)) +
    (of.nearest === null ? 1 : 1 + peer(of.nearest));
}

interface Peer {
  readonly address: number;
}

function peer(of: Peer): number {
  return 16 +
    uintSize(of.address + 1);
}

interface OverlayRoute {
  readonly hop: number;
  readonly hops: number;
  readonly source: number;
}

function overlayRoute(of: OverlayRoute): number {
  return 16 +
    uintSize(of.hop) +
    uintSize(of.hops) +
    uintSize(of.source + 1);
}

interface OverlayAck {
  readonly hop: number;
}

function overlayAck(of: OverlayAck): number {
  return 16 +
    uintSize(of.hop);
}

interface OverlayBroadcast {
  readonly source: number;
}

function overlayBroadcast(of: OverlayBroadcast): number {
  return uintSize(of.source + 1);
}

interface ActionRequest {
  readonly action: number;
  readonly resource: number;
  readonly incarnation: number;
  readonly authority: Token;
}

function actionRequest(of: ActionRequest): number {
  return 1 +
    uintSize(of.action) +
    uintSize(of.resource) +
    uintSize(of.incarnation) +
    token(of.authority);
}

interface ActionOutcome {
  readonly action: number;
  readonly resource: number;
  readonly incarnation: number;
}

function actionOutcome(of: ActionOutcome): number {
  return 3 +
    uintSize(of.action) +
    uintSize(of.resource) +
    uintSize(of.incarnation);
}

interface ResourceHandOver {
  readonly ballot: Ballot;
  readonly entries: readonly HandOver[];
}

function resourceHandOver(of: ResourceHandOver): number {
  return ballot(of.ballot) +
    handOverList(of.entries);
}

interface HandOver {
  readonly resource: number;
  readonly token: Token;
  readonly to: number;
}

function handOver(of: HandOver): number {
  return uintSize(of.resource) +
    token(of.token) +
    uintSize(of.to + 1);
}

interface ManagerLeave {
  readonly incarnation: number;
}

function managerLeave(of: ManagerLeave): number {
  return 1 +
    uintSize(of.incarnation);
}

interface CoordinatorYield {
  readonly ballot: Ballot | null;
  readonly gone: readonly number[];
}

function coordinatorYield(of: CoordinatorYield): number {
  return (of.ballot === null ? 1 : 1 + ballot(of.ballot)) +
    indexList(of.gone);
}

interface OverlaySpread {
  readonly hop: number;
  readonly source: number;
  readonly broadcast: number;
}

function overlaySpread(of: OverlaySpread): number {
  return 16 +
    uintSize(of.hop) +
    uintSize(of.source + 1) +
    uintSize(of.broadcast);
}

interface OverlayHeartbeat {
  readonly ballot: Ballot | null;
}

function overlayHeartbeat(of: OverlayHeartbeat): number {
  return 16 +
    (of.ballot === null ? 1 : 1 + ballot(of.ballot));
}

interface OverlayLeaves {
  readonly sequence: number;
  readonly ballot: Ballot | null;
  readonly leaves: readonly Peer[];
  readonly lost: readonly number[];
}

function overlayLeaves(of: OverlayLeaves): number {
  return 16 +
    uintSize(of.sequence) +
    (of.ballot === null ? 1 : 1 + ballot(of.ballot)) +
    peerList(of.leaves) +
    indexList(of.lost);
}

interface OverlayLeavesAnswer {
  readonly sequence: number;
  readonly ballot: Ballot | null;
  readonly leaves: readonly Peer[];
  readonly lost: readonly number[];
}

function overlayLeavesAnswer(of: OverlayLeavesAnswer): number {
  return 16 +
    uintSize(of.sequence) +
    (of.ballot === null ? 1 : 1 + ballot(of.ballot)) +
    peerList(of.leaves) +
    indexList(of.lost);
}

interface OverlayFind {
  readonly sequence: number;
  readonly ballot: Ballot | null;
}

function overlayFind(of: OverlayFind): number {
  return 17 +
    uintSize(of.sequence) +
    (of.ballot === null ? 1 : 1 + ballot(of.ballot));
}

interface OverlayFound {
  readonly sequence: number;
  readonly ballot: Ballot | null;
  readonly entries: readonly Peer[];
}

function overlayFound(of: OverlayFound): number {
  return 17 +
    uintSize(of.sequence) +
    (of.ballot === null ? 1 : 1 + ballot(of.ballot)) +
    peerList(of.entries);
}

interface OverlayLeave {
  readonly leaves: readonly Peer[];
}

function overlayLeave(of: OverlayLeave): number {
  return 16 +
    peerList(of.leaves);
}

interface CoordinatorMissed {
  readonly ballot: Ballot;
}

function coordinatorMissed(of: CoordinatorMissed): number {
  return ballot(of.ballot);
}

interface CoordinatorSighted {
  readonly ballot: Ballot | null;
}

function coordinatorSighted(of: CoordinatorSighted): number {
  return 1 +
    (of.ballot === null ? 1 : 1 + ballot(of.ballot));
}

interface ActionCheck {
  readonly action: number;
  readonly resource: number;
  readonly question: number;
}

function actionCheck(of: ActionCheck): number {
  return uintSize(of.action) +
    uintSize(of.resource) +
    uintSize(of.question);
}

interface ActionConfirmed {
  readonly action: number;
  readonly resource: number;
  readonly question: number;
}

function actionConfirmed(of: ActionConfirmed): number {
  return uintSize(of.action) +
    uintSize(of.resource) +
    uintSize(of.question);
}

interface ResourceEnrol {
  readonly agent: number;
  readonly hops: number;
  readonly entries: readonly Enrolment[];
}

function resourceEnrol(of: ResourceEnrol): number {
  return uintSize(of.agent + 1) +
    uintSize(of.hops) +
    enrolmentList(of.entries);
}

interface Enrolment {
  readonly resource: number;
  readonly number: Token | null;
  readonly incarnation: number;
  readonly descriptor: Descriptor;
}

function enrolment(of: Enrolment): number {
  return uintSize(of.resource) +
    (of.number === null ? 1 : 1 + token(of.number)) +
    uintSize(of.incarnation) +
    descriptor(of.descriptor);
}

interface ResourceEnrolled {
  readonly ballot: Ballot;
  readonly entries: readonly Enrolled[];
}

function resourceEnrolled(of: ResourceEnrolled): number {
  return ballot(of.ballot) +
    enrolledList(of.entries);
}

interface Enrolled {
  readonly resource: number;
  readonly number: Token;
}

function enrolled(of: Enrolled): number {
  return 1 +
    uintSize(of.resource) +
    token(of.number);
}

interface InventoryOffer {
  readonly ballot: Ballot;
  readonly stream: number;
  readonly version: number;
  readonly checksum: number;
  readonly passed: Passed;
}

function inventoryOffer(of: InventoryOffer): number {
  return ballot(of.ballot) +
    uintSize(of.stream) +
    uintSize(of.version) +
    uintSize(of.checksum) +
    passed(of.passed);
}

interface Passed {
  readonly upTo: readonly Token[];
  readonly single: readonly Token[];
}

function passed(of: Passed): number {
  return tokenList(of.upTo) +
    tokenList(of.single);
}

interface InventoryCopy {
  readonly ballot: Ballot;
  readonly stream: number;
  readonly from: number;
  readonly to: number;
  readonly entries: readonly InventoryChange[];
  readonly passed: Passed | null;
}

function inventoryCopy(of: InventoryCopy): number {
  return ballot(of.ballot) +
    uintSize(of.stream) +
    uintSize(of.from) +
    uintSize(of.to) +
    inventoryChangeList(of.entries) +
    (of.passed === null ? 1 : 1 + passed(of.passed));
}

interface InventoryChange {
  readonly resource: number;
  readonly number: Token;
  readonly agent: number;
  readonly incarnation: number;
  readonly descriptor: Descriptor | null;
}

function inventoryChange(of: InventoryChange): number {
  return uintSize(of.resource) +
    token(of.number) +
    uintSize(of.agent + 1) +
    uintSize(of.incarnation) +
    (of.descriptor === null ? 1 : 1 + descriptor(of.descriptor));
}

interface InventoryCopied {
  readonly ballot: Ballot;
  readonly stream: number;
  readonly version: number;
  readonly level: Level | null;
}

function inventoryCopied(of: InventoryCopied): number {
  return 1 +
    ballot(of.ballot) +
    uintSize(of.stream) +
    uintSize(of.version) +
    (of.level === null ? 1 : 1 + level(of.level));
}

interface Level {
  readonly stream: number;
  readonly version: number;
}

function level(of: Level): number {
  return uintSize(of.stream) +
    uintSize(of.version);
}

interface ResourceEntrust {
  readonly ballot: Ballot;
  readonly entries: readonly Assignment[];
  readonly memories: readonly RuleMemory[];
}

function resourceEntrust(of: ResourceEntrust): number {
  return ballot(of.ballot) +
    assignmentList(of.entries) +
    ruleMemoryList(of.memories);
}

interface RuleMemory {
  readonly resource: number;
  readonly rule: string;
  readonly fired: number;
  readonly occasions: number;
  readonly ripening: RipeningMemory | null;
  readonly givenUs: number | null;
  readonly begunUs: number | null;
  readonly limit: LimitMemory | null;
  readonly feud: FeudMemory | null;
  readonly waiting: WaitingMemory | null;
  readonly failures: FailuresMemory | null;
}

function ruleMemory(of: RuleMemory): number {
  return uintSize(of.resource) +
    textSize(of.rule) +
    uintSize(of.fired + 1) +
    uintSize(of.occasions) +
    (of.ripening === null ? 1 : 1 + ripeningMemory(of.ripening)) +
    (of.givenUs === null ? 1 : 1 + uintSize(of.givenUs)) +
    (of.begunUs === null ? 1 : 1 + uintSize(of.begunUs)) +
    (of.limit === null ? 1 : 1 + limitMemory(of.limit)) +
    (of.feud === null ? 1 : 1 + feudMemory(of.feud)) +
    (of.waiting === null ? 1 : 1 + waitingMemory(of.waiting)) +
    (of.failures === null ? 1 : 1 + failuresMemory(of.failures));
}

interface RipeningMemory {
  readonly occasion: number;
  readonly leftUs: number;
}

function ripeningMemory(of: RipeningMemory): number {
  return uintSize(of.occasion) +
    uintSize(of.leftUs);
}

interface LimitMemory {
  readonly underWay: number;
  readonly endedUs: readonly number[];
  readonly gaveUpUs: number | null;
  readonly wellUs: number | null;
}

function limitMemory(of: LimitMemory): number {
  return uintSize(of.underWay) +
    uintList(of.endedUs) +
    (of.gaveUpUs === null ? 1 : 1 + uintSize(of.gaveUpUs)) +
    (of.wellUs === null ? 1 : 1 + uintSize(of.wellUs));
}

interface FeudMemory {
  readonly leftUs: number;
  readonly delayUs: number;
}

function feudMemory(of: FeudMemory): number {
  return uintSize(of.leftUs) +
    uintSize(of.delayUs);
}

interface WaitingMemory {
  readonly incarnation: number;
  readonly leftUs: number;
}

function waitingMemory(of: WaitingMemory): number {
  return uintSize(of.incarnation) +
    uintSize(of.leftUs);
}

interface FailuresMemory {
  readonly delayUs: number;
  readonly leftUs: number;
  readonly endedUs: number;
}

function failuresMemory(of: FailuresMemory): number {
  return uintSize(of.delayUs) +
    uintSize(of.leftUs) +
    uintSize(of.endedUs);
}

interface RulesRemember {
  readonly ballot: Ballot;
  readonly resources: readonly number[];
  readonly memories: readonly RuleMemory[];
}

function rulesRemember(of: RulesRemember): number {
  return ballot(of.ballot) +
    uintList(of.resources) +
    ruleMemoryList(of.memories);
}

interface RulesCopy {
  readonly ballot: Ballot;
  readonly from: number;
  readonly to: number;
  readonly version: number;
  readonly groups: readonly GroupMemory[];
  readonly places: readonly PlaceMemory[] | null;
}

function rulesCopy(of: RulesCopy): number {
  return 1 +
    ballot(of.ballot) +
    uintSize(of.from) +
    uintSize(of.to) +
    uintSize(of.version) +
    groupMemoryList(of.groups) +
    (of.places === null ? 1 : 1 + placeMemoryList(of.places));
}

interface GroupMemory {
  readonly rule: string;
  readonly group: string;
  readonly fired: number;
  readonly occasions: number;
  readonly ripening: RipeningMemory | null;
  readonly givenUs: number | null;
  readonly begunUs: number | null;
  readonly limit: LimitMemory | null;
  readonly feud: FeudMemory | null;
  readonly tries: readonly TryMemory[];
}

function groupMemory(of: GroupMemory): number {
  return textSize(of.rule) +
    textSize(of.group) +
    uintSize(of.fired + 1) +
    uintSize(of.occasions) +
    (of.ripening === null ? 1 : 1 + ripeningMemory(of.ripening)) +
    (of.givenUs === null ? 1 : 1 + uintSize(of.givenUs)) +
    (of.begunUs === null ? 1 : 1 + uintSize(of.begunUs)) +
    (of.limit === null ? 1 : 1 + limitMemory(of.limit)) +
    (of.feud === null ? 1 : 1 + feudMemory(of.feud)) +
    tryMemoryList(of.tries);
}

interface TryMemory {
  readonly resource: number;
  readonly waiting: WaitingMemory | null;
  readonly failures: FailuresMemory | null;
}

function tryMemory(of: TryMemory): number {
  return 1 +
    uintSize(of.resource) +
    (of.waiting === null ? 1 : 1 + waitingMemory(of.waiting)) +
    (of.failures === null ? 1 : 1 + failuresMemory(of.failures));
}

interface PlaceMemory {
  readonly brake: number;
  readonly place: string;
  readonly underWay: number;
  readonly endedUs: readonly number[];
  readonly lentUs: readonly number[];
  readonly taken: readonly number[];
}

function placeMemory(of: PlaceMemory): number {
  return uintSize(of.brake) +
    textSize(of.place) +
    uintSize(of.underWay) +
    uintList(of.endedUs) +
    uintList(of.lentUs) +
    uintList(of.taken);
}

interface RulesCopied {
  readonly ballot: Ballot;
  readonly version: number;
}

function rulesCopied(of: RulesCopied): number {
  return ballot(of.ballot) +
    uintSize(of.version + 1);
}

interface ResourceDecommission {
  readonly asker: number;
  readonly hops: number;
  readonly resources: readonly number[];
}

function resourceDecommission(of: ResourceDecommission): number {
  return uintSize(of.asker + 1) +
    uintSize(of.hops) +
    uintList(of.resources);
}

interface ResourceDecommissioned {
  readonly ballot: Ballot;
  readonly resources: readonly number[];
}

function resourceDecommissioned(of: ResourceDecommissioned): number {
  return ballot(of.ballot) +
    uintList(of.resources);
}

interface ResourceRetired {
  readonly agent: number;
  readonly hops: number;
  readonly entries: readonly Retirement[];
}

function resourceRetired(of: ResourceRetired): number {
  return uintSize(of.agent + 1) +
    uintSize(of.hops) +
    retirementList(of.entries);
}

interface Retirement {
  readonly resource: number;
  readonly number: Token | null;
}

function retirement(of: Retirement): number {
  return uintSize(of.resource) +
    (of.number === null ? 1 : 1 + token(of.number));
}

interface PermitRequest {
  readonly wishes: readonly PermitWish[];
  readonly returned: readonly PermitReturn[];
}

function permitRequest(of: PermitRequest): number {
  return permitWishList(of.wishes) +
    permitReturnList(of.returned);
}

interface PermitWish {
  readonly number: number;
  readonly resource: number;
  readonly rule: string;
}

function permitWish(of: PermitWish): number {
  return uintSize(of.number) +
    uintSize(of.resource) +
    textSize(of.rule);
}

interface PermitReturn {
  readonly number: number;
}

function permitReturn(of: PermitReturn): number {
  return 1 +
    uintSize(of.number);
}

interface PermitAnswers {
  readonly answers: readonly PermitAnswer[];
}

function permitAnswers(of: PermitAnswers): number {
  return permitAnswerList(of.answers);
}

interface PermitAnswer {
  readonly number: number;
  readonly heldBy: number | null;
  readonly waitUs: number;
}

function permitAnswer(of: PermitAnswer): number {
  return uintSize(of.number) +
    (of.heldBy === null ? 1 : 2) +
    uintSize(of.waitUs);
}

interface PartCopy {
  readonly ballot: Ballot;
  readonly stream: number;
  readonly part: PartDelta;
}

function partCopy(of: PartCopy): number {
  return ballot(of.ballot) +
    uintSize(of.stream) +
    partDelta(of.part);
}

interface PartCopied {
  readonly stream: number;
  readonly incarnation: number;
  readonly version: number;
}

function partCopied(of: PartCopied): number {
  return uintSize(of.stream) +
    uintSize(of.incarnation) +
    uintSize(of.version);
}

function registrationList(list: readonly Registration[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += registration(one);
  return size;
}

function assignmentList(list: readonly Assignment[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += assignment(one);
  return size;
}

function offerList(list: readonly Offer[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += offer(one);
  return size;
}

function indexList(list: readonly number[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += uintSize(one + 1);
  return size;
}

function pointerList(list: readonly Pointer[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += pointer(one);
  return size;
}

function releaseList(list: readonly Release[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += release(one);
  return size;
}

function partEntryList(list: readonly PartEntry[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += partEntry(one);
  return size;
}

function managerEntryList(list: readonly ManagerEntry[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += managerEntry(one);
  return size;
}

function handOverList(list: readonly HandOver[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += handOver(one);
  return size;
}

function peerList(list: readonly Peer[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += peer(one);
  return size;
}

function enrolmentList(list: readonly Enrolment[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += enrolment(one);
  return size;
}

function enrolledList(list: readonly Enrolled[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += enrolled(one);
  return size;
}

function tokenList(list: readonly Token[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += token(one);
  return size;
}

function inventoryChangeList(list: readonly InventoryChange[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += inventoryChange(one);
  return size;
}

function uintList(list: readonly number[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += uintSize(one);
  return size;
}

function ruleMemoryList(list: readonly RuleMemory[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += ruleMemory(one);
  return size;
}

function tryMemoryList(list: readonly TryMemory[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += tryMemory(one);
  return size;
}

function groupMemoryList(list: readonly GroupMemory[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += groupMemory(one);
  return size;
}

function placeMemoryList(list: readonly PlaceMemory[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += placeMemory(one);
  return size;
}

function retirementList(list: readonly Retirement[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += retirement(one);
  return size;
}

function permitWishList(list: readonly PermitWish[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += permitWish(one);
  return size;
}

function permitReturnList(list: readonly PermitReturn[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += permitReturn(one);
  return size;
}

function permitAnswerList(list: readonly PermitAnswer[]): number {
  let size = uintSize(list.length);
  for (const one of list) size += permitAnswer(one);
  return size;
}
