/**
 * The scenario as users write it: every key, its type, its default and what it means. Defaults
 * that depend on other settings are described here and computed in coordination.ts.
 */
import { z } from 'zod';
import { faultKinds } from '../faults/kinds/index.js';
import { impairmentKinds } from '../impairments/index.js';
import { traceFormats, traceUnits } from '../traces/index.js';
import { brakesSchema, silencesSchema } from './brakes.js';
import {
  count, distribution, drift, duration, labels, period, seconds, share, timerError, word,
} from './fields.js';
import { builtInNames, phases } from './names.js';
import { targets } from './targets.js';

type Kind = { readonly name: string; readonly meaning: string; readonly settings: z.ZodType };

/** A field for each kind, under its name. */
function fieldsOf<Kinds extends readonly Kind[]>(kinds: Kinds) {
  const fields = kinds.map(({ name, settings, meaning }) =>
    [name, settings.optional().describe(meaning)]);
  return Object.fromEntries(fields) as {
    [One in Kinds[number] as One['name']]: z.ZodOptional<One['settings']>;
  };
}

const sha256 = () =>
  z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: 'write 64 hexadecimal digits' })
    .describe('Of the file: another is refused. Default: whatever it is.');

const action = (usual: string) =>
  z
    .strictObject({
      duration: distribution().prefault(usual).describe('How long the action takes.'),
      failure: share().prefault(0).describe('How often it ends without effect.'),
    })
    .prefault({});

const metric = z.strictObject({
  mean: z.number().describe('Where the value returns to.'),
  deviation: z.number().min(0).default(0).describe('Standard deviation in the long run.'),
  reversion: seconds()
    .prefault('60s')
    .describe('Time after which a deviation has decayed to 1/e.'),
  minimum: z.number().default(0),
  maximum: z.number().default(1),
  resolution: z
    .number()
    .min(0)
    .optional()
    .describe(
      'How far it must move before the coordinator hears of it. ' +
        'Default: a tenth of the way from minimum to maximum.',
    ),
});

const kind = z.strictObject({
  startUp: distribution().prefault('2s').describe('From start to up.'),
  actions: z
    .strictObject({
      restart: action('2s').describe('Stop, then start. Default: 2s, never fails.'),
      start: action('1s').describe('Default: 1s, never fails.'),
      stop: action('1s').describe('Default: 1s, never fails.'),
    })
    .prefault({})
    .describe('What rules can have done to a resource of this kind.'),
  metrics: z
    .record(word(), metric)
    .default({})
    .describe('Values that sensors report: mean-reverting random walks.'),
});

const resourceGroup = z.strictObject({
  kind: word().describe('One of `kinds`.'),
  count: count(1),
  perHost: count(1).default(1).describe('How many share one host.'),
  labels: labels()
    .default({})
    .describe('For rules to select by. The label `group` also names the resources.'),
  spares: count(0).default(0).describe('How many of them start out stopped.'),
});

/** Less than the whole of it. */
const system = z.strictObject({
  managers: count(1, 100_000).describe('Each on a host of its own.'),
  zones: z
    .union([count(1, 65_535), z.array(word()).min(1)])
    .default(1)
    .describe('A number (4 stands for zone-1 to zone-4) or a list of names.'),
  racks: count(1, 65_535)
    .default(1)
    .describe('In each zone; numbered through all zones: rack-1, rack-2 ...'),
  clocks: z
    .strictObject({
      offset: duration().prefault('0s').describe('How far each may be ahead or behind.'),
      drift: drift().prefault(0).describe('How much faster or slower each may run: `0.01%`.'),
      timers: timerError().prefault('0s').describe('How early or late each timer may fire.'),
    })
    .prefault({})
    .describe('How wrong the clocks of hosts are: uniformly up to that. Default: not at all.'),
  service: z
    .strictObject({
      manager: duration().prefault('0s').describe('For each message that a manager gets.'),
      agent: duration().prefault('0s').describe('For each message that an agent gets.'),
    })
    .prefault({})
    .describe('Time that a message takes of its host; others wait meanwhile. Default: none.'),
  resources: z.array(resourceGroup).default([]).describe('What is managed, group by group.'),
  kinds: z
    .record(word(), kind)
    .prefault({ service: {} })
    .describe('How resources of a kind behave, by name. Default: one kind, `service`.'),
});

/** `fixed` is short for `{ name: fixed }`. */
const named = <Shape extends z.ZodRawShape>(names: readonly [string, ...string[]], shape: Shape) =>
  z
    .union([
      z.enum(names).transform((name) => ({ name })),
      z.strictObject({ name: z.enum(names).default(names[0]), ...shape }),
    ])
    .prefault(names[0]);

const resourceTimes = z.strictObject({
  heartbeatPeriod: period().prefault('10s').describe('Between two heartbeats of a resource.'),
  timeout: period()
    .optional()
    .describe(
      'Silence after which its manager suspects a resource. Default: 3 heartbeat periods.',
    ),
  checkPeriod: period()
    .optional()
    .describe('Between two looks at the silent ones. Default: a tenth of the heartbeat period.'),
  answerTimeout: period()
    .optional()
    .describe('Silence after which it gives its manager up. Default: 3 heartbeat periods.'),
  retry: period()
    .optional()
    .describe(
      'Between two managers that are asked for a registration, and after the first round of all; ' +
        'doubles by the round. ' +
        'Default: a tenth of the heartbeat period, at least two round trips.',
    ),
  retryMax: period().optional().describe('Longest pause after a round. Default: 8 times retry.'),
});

const managerTimes = z.strictObject({
  heartbeatPeriod: period()
    .optional()
    .describe('Between two heartbeats of a manager. Default: as for resources.'),
  timeout: period()
    .optional()
    .describe(
      'Silence after which the coordinator gives a manager up. Default: 3 heartbeat periods.',
    ),
  answerTimeout: period()
    .optional()
    .describe(
      'Silence after which a manager suspects the coordinator. Default: 3 heartbeat periods.',
    ),
});

const overlay = named(builtInNames.overlays, {
  probePeriod: period()
    .optional()
    .describe(
      "Between two probes of a manager, to one other after the next. Default: the managers' " +
        'heartbeat period; half of it in a full mesh.',
    ),
  heartbeatPeriod: period()
    .optional()
    .describe(
      "Between two heartbeats to the next node on the ring. Default: 3 of the managers' " +
        'heartbeat periods. A full mesh has none.',
    ),
  hopTimeout: period()
    .optional()
    .describe(
      "A hop unanswered for so long has failed. Default: a twentieth of the managers' heartbeat " +
        'period, at least two round trips and at least 50ms.',
    ),
});

const election = named(builtInNames.elections, {
  tries: count(1, 100)
    .default(3)
    .describe('How often the root asks the coordinator before it takes it for gone.'),
  tryTimeout: period().optional().describe('How long each answer may take. Default: hopTimeout.'),
  requestTimeout: period()
    .optional()
    .describe(
      'A request without effect is routed anew after this. ' +
        'Default: all tries and four hop timeouts.',
    ),
});

const phiAccrual = z.strictObject({
  name: z.literal('phi-accrual'),
  threshold: z
    .number()
    .min(1)
    .max(100)
    .default(8)
    .describe('Suspected once phi, -log10 of the chance that a heartbeat still comes, exceeds it.'),
  minDeviation: duration()
    .optional()
    .describe(
      'Intervals are never taken for more regular than this. ' +
        'Default: a tenth of the shorter heartbeat period.',
    ),
  acceptablePause: duration()
    .prefault('0s')
    .describe('Silence that counts for nothing, for heartbeats that get lost.'),
  maxTimeout: period()
    .optional()
    .describe('No silence is tolerated for longer. Default: no limit, and no bound promised.'),
  window: count(2, 65_535)
    .default(100)
    .describe('So many of the latest intervals bear most of the weight.'),
});

const detector = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('fixed') }),
  phiAccrual,
]);
const detection = z
  .union([
    z
      .enum(builtInNames.detectors)
      .transform((name): z.output<typeof detector> => detector.parse({ name })),
    detector,
  ])
  .prefault('fixed');

const coordination = z.strictObject({
  overlay: overlay.describe('How managers find each other.'),
  election: election.describe('Who is coordinator.'),
  detection: detection.describe('Who is alive.'),
  assignment: named(builtInNames.assignments, {}).describe(
    'Which manager gets a resource.',
  ),
  rebalance: z
    .strictObject({
      threshold: z
        .number()
        .min(0)
        .default(0.2)
        .describe(
          'Resources begin to move once the fullest and the emptiest manager differ by that ' +
            'share of the mean, and by two at least; until these differ by one at most.',
        ),
      perPeriod: count(0, 1_000_000)
        .default(10)
        .describe('How many each manager gives or takes per heartbeat period. 0: none ever move.'),
    })
    .prefault({})
    .describe('What happens when managers join or return.'),
  leaveTimeout: period()
    .optional()
    .describe(
      'A manager that leaves hands over for so long at most. ' +
        "Default: the resources' timeout and three heartbeat periods.",
    ),
  inventory: z
    .enum(['off', 'on'])
    .default('off')
    .describe(
      'on: what was registered stays in the model, whoever dies, while the coordinator or one of ' +
        'two standbys survives; what is silent is told apart: unknown, unreachable, down.',
    ),
  quorum: z.enum(['none']).default('none').describe('Managers needed to act; none: available.'),
  resources: resourceTimes.prefault({}).describe('Resources and their managers.'),
  managers: managerTimes.prefault({}).describe('Managers and the coordinator.'),
  rebuild: duration()
    .optional()
    .describe(
      'How long a new coordinator waits for managers before it enforces global rules. ' +
        "Default: the managers' timeout.",
    ),
  entriesPerMessage: count(1, 100_000)
    .default(100)
    .describe('Model entries in one message, at most.'),
  standbys: count(0, 100)
    .default(0)
    .describe(
      'So many managers next in line know what rules keep in mind of resources, as far as the ' +
        'coordinator does (actions.handOn).',
    ),
  actions: z
    .strictObject({
      timeout: period()
        .optional()
        .describe(
          'An action without outcome for so long is sent again. Default: 3 heartbeat periods, ' +
            'at least twice as long as actions take (their 99.9% quantile).',
        ),
      retries: count(0, 1_000).default(3).describe('How often it is sent again.'),
      deadlines: z
        .boolean()
        .default(false)
        .describe(
          'Hosts ask back before they act: what has expired is never begun. What they did enters ' +
            'the model at once, and local rules send nothing to hosts known to be dead.',
        ),
      handOn: z
        .boolean()
        .default(false)
        .describe(
          'What local rules keep in mind of a resource (timers, counts, what was given up, what ' +
            'was told) goes with it to its next holder.',
        ),
      mode: z
        .enum(['act', 'observe'])
        .default('act')
        .describe('One switch for all rules. observe: they tell what they would do, and do not.'),
    })
    .prefault({})
    .describe('Actions that rules decide on.'),
});

const zoneLatency = z.strictObject({
  within: distribution().describe('Inside a zone.'),
  between: distribution().describe('From one zone to another.'),
  pairs: z
    .array(
      z.strictObject({
        zones: z.tuple([word(), word()]).describe('The two, in either order.'),
        delay: distribution(),
      }),
    )
    .default([])
    .describe('Exceptions for two zones.'),
});

const matrixLatency = z.strictObject({
  file: z
    .string()
    .min(1)
    .describe(
      'Round-trip times in ms between sites, a line per site, tabs between; may be gzipped. ' +
        'Relative to the scenario file.',
    ),
  sha256: sha256().optional(),
  jitter: distribution().prefault('0s').describe('Added to the delay of each message.'),
  within: duration().prefault('250us').describe('One-way delay between hosts of one site.'),
});

const network = z.strictObject({
  latency: z
    .union([
      z.strictObject({ zones: zoneLatency }),
      z.strictObject({ matrix: matrixLatency }),
      distribution(),
    ])
    .prefault({ uniform: { low: '1ms', high: '10ms' } })
    .describe('One-way delay of a message. Default: uniform from 1ms to 10ms.'),
  ...fieldsOf(impairmentKinds),
  loss: share().prefault(0).describe('Share of messages lost, everywhere and always.'),
});

const trace = z.strictObject({
  file: z
    .string()
    .min(1)
    .describe(
      'Recorded failures: relative to the scenario file, or in the folder HOWDAH_DATA names.',
    ),
  format: z
    .enum(traceFormats)
    .optional()
    .describe("Default: by the end of the file's name (.csv, .avt; .tab: fta)."),
  unit: z
    .enum(traceUnits)
    .optional()
    .describe('Of the times in the file. Default: s; of opendc ms.'),
  system: z
    .union([z.string(), z.number().transform(String)])
    .optional()
    .describe('With `lanl`: which of the systems.'),
  repeat: z
    .boolean()
    .optional()
    .describe('From `from` to `until` again and again. Default: as the file says, else no.'),
  sha256: sha256().optional(),
  from: duration()
    .optional()
    .describe("Outages from here on, by the trace's clock. Default: its beginning."),
  until: duration().optional().describe('Outages that begin before this. Default: its end.'),
  start: duration()
    .optional()
    .describe('When in the run `from` is. Default: the end of the warm-up.'),
  speedUp: z
    .number()
    .min(0.001)
    .max(1_000_000)
    .default(1)
    .describe("The trace's clock goes so many times as fast as the run's."),
  nodes: count(1).optional().describe('Only so many nodes, the first. Default: all.'),
});

const fault = z.strictObject({
  at: duration().optional().describe('Once, so long after the start.'),
  every: period().optional().describe('Again and again.'),
  from: duration().optional().describe('With every: the first time. Default: after one period.'),
  until: duration().optional().describe('With every: only before this. Default: the end.'),
  random: z
    .strictObject({
      lifetime: distribution().describe('Up for so long, then the fault; after its repair again.'),
      from: duration().optional().describe('Default: the end of the warm-up.'),
      until: duration().optional().describe('Faults begin only before this. Default: the end.'),
    })
    .optional()
    .describe('At random, by a renewal process.'),
  trace: trace.optional().describe('As recorded, node by node.'),
  when: z
    .strictObject({
      during: z.enum(phases).describe('Each time that such a phase begins.'),
      after: distribution().prefault('0s').describe('So long after it began; not once it is over.'),
      times: count(1).optional().describe('So often at most. Default: each time.'),
      from: duration().optional().describe('Default: the end of the warm-up.'),
      until: duration()
        .optional()
        .describe('Only phases that begin before this. Default: the end.'),
    })
    .optional()
    .describe('Whenever that happens.'),
  ...fieldsOf(faultKinds),
  afterCalls: count(0)
    .optional()
    .describe(
      'With crash: not at once, but inside the call to its environment that the process makes ' +
        'after so many more.',
    ),
  loseState: z
    .literal(true)
    .optional()
    .describe('With crash or restart: hosts lose all they stored, and return under new ids.'),
  of: targets
    .optional()
    .describe('Only messages from and to these hosts; zones too. Default: all messages.'),
  flapping: z
    .strictObject({
      bad: distribution().describe('The fault is there for so long,'),
      good: distribution().describe('then it is not for so long, and so on.'),
      atLeast: duration().prefault('0s').describe('What is drawn shorter takes so long.'),
    })
    .optional()
    .describe('A fault of links comes and goes while it lasts.'),
  repairAfter: distribution()
    .optional()
    .describe('The fault ends by itself. Default: it lasts (rules may repair, or heal).'),
});

const ruleFile = z.union([
  z.string().min(1).describe('Relative to the scenario file.'),
  z.strictObject({ file: z.string(), text: z.string() }).describe('The text itself.'),
]);

/** What `parse` gives has units read and fixed defaults in place. */
export const scenarioSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {
      error: 'use letters, digits, . - and _, since it names a directory',
    })
    .optional()
    .describe('Names the results. Default: the name of the file.'),
  description: z.string().default('').describe('A sentence on what the scenario shows.'),
  seed: z
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(1)
    .describe('Same seed, same run.'),
  duration: period().describe('Simulated time.'),
  warmUp: duration().prefault('0s').describe('Left out of all statistics.'),
  system: system.describe('What there is.'),
  coordination: coordination.prefault({}).describe('How it is managed.'),
  rules: z.array(ruleFile).default([]).describe('Files of management rules.'),
  brakes: brakesSchema,
  silences: silencesSchema,
  network: network.prefault({}).describe('What is between hosts.'),
  live: z
    .strictObject({
      processes: count(1, 1_000).default(4).describe('Real processes that share the nodes.'),
    })
    .prefault({})
    .describe('Only for `sim live`.'),
  faults: z.array(fault).default([]).describe('What goes wrong, and when.'),
  invariants: z
    .union([z.enum(['all', 'none']), z.array(z.string())])
    .default('all')
    .describe('Which are checked: all, none, or a list of names.'),
  measure: z
    .strictObject({
      samples: count(2, 10_000_000).default(2000).describe('Rows of the time series, about.'),
      hold: duration()
        .optional()
        .describe(
          'Healthy for so long, an episode is over. Default: the longest heartbeat period.',
        ),
    })
    .prefault({})
    .describe('How it is measured.'),
  engine: z
    .strictObject({
      queue: z
        .enum(['wheel', 'heap'])
        .default('wheel')
        .describe('Event queue: the fast one or its plain reference. Results are the same.'),
    })
    .prefault({})
    .describe('How the simulator works; never changes a result.'),
});

export type ScenarioSettings = z.output<typeof scenarioSchema>;
