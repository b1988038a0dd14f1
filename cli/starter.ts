/** What `sim init` writes: files that work as they are, and teach. */

const scenario = `# A scenario: what there is, how it is managed, what goes wrong, and when.
#   sim check FILE      what it promises and costs, without running it
#   sim run FILE        simulates it and writes results/NAME/RUN
#   sim run FILE --set system.managers=20 --seed 7
# Every key, its default and its meaning: docs/writing-scenarios.md, or sim schema.
description: A first scenario; twelve managers look after sixty services.
seed: 1                         # same seed, same run, to the last byte
duration: 20m                   # simulated time; units are us, ms, s, m, h, d, y
warmUp: 1m                      # left out of all statistics

system:
  managers: 12                  # each on a host of its own; they elect a coordinator
  zones: 3                      # zone-1 to zone-3; hosts are dealt to them in turn
  resources:
    - { kind: service, count: 60, perHost: 2, labels: { group: web } }
  kinds:
    service:
      startUp: { lognormal: { median: 2s, sigma: 0.4 } }
      actions:
        restart: { duration: 3s, failure: 1% }

coordination:
  resources: { heartbeatPeriod: 10s }     # timeouts default to 3 periods
  managers: { heartbeatPeriod: 10s }

# Usually a file beside this one, \`rules: [rules.yaml]\`; the text may also stand here.
rules:
  - file: rules.yaml
    text: |
      rules:
        - name: restart-crashed
          scope: local                    # enforced by the manager of each resource
          when: entity.state == "down" && entity.hostUp
          do: restart

network:
  latency:
    zones:
      within: { uniform: { low: 500us, high: 2ms } }
      between: { uniform: { low: 5ms, high: 20ms } }
  loss: 0

faults:
  # Whoever coordinates after five minutes; its host is back two minutes later.
  - { at: 5m, crash: coordinator, repairAfter: 2m }
  # Two managers at once.
  - { at: 10m, crash: { managers: 2 }, repairAfter: 2m }
  # A zone falls off for a minute.
  - { at: 15m, partition: [[zone-1], [zone-2, zone-3]], repairAfter: 1m }
  # Services crash at random; only the rule brings them back.
  - random: { lifetime: { exponential: 1h } }
    crash: { each: resources }

invariants: all                 # what must always hold; see sim check
`;

const sweep = `# A sweep: many runs of a scenario, to see what changes with what is varied.
#   sim sweep FILE      makes all runs, on all cores; --resume goes on with an interrupted one
#   sim report DIR      draws what came of it
# Every key and its meaning: docs/sweeps.md, or sim schema --kind sweep.
description: How long a failed manager is missed, by how often all say that they are there.
base:                           # a scenario, or the name of its file
  duration: 20m
  warmUp: 1m
  system:
    managers: 12
    resources: [{ kind: service, count: 60, perHost: 2 }]
  faults:
    - { at: 5m, crash: { managers: 2 }, repairAfter: 2m }

vary:                           # scenario path: values; each combination is a cell of the grid
  coordination.managers.heartbeatPeriod: [5s, 10s, 20s]
  # A range: { from: 5s, to: 20s, steps: 3, scale: log }. A value that takes others along:
  # { value: 5s, with: { duration: 1h } }.
# linked:                       # axes that go together, value by value
#   - { system.managers: [6, 12], system.zones: [1, 2] }
# variants:                     # sets of settings by name
#   phi: { coordination.detection: phi-accrual }
#   fixed: { coordination.detection: fixed }
# exclude:                      # cells with all these values are left out
#   - { coordination.managers.heartbeatPeriod: 5s, variant: phi }
# derive:                       # arithmetic on axes and settings
#   coordination.managers.timeout: 4 * coordination.managers.heartbeatPeriod
# design: oneAtATime            # or grid, { latinHypercube: { cells: 20 } }, { morris: {} }

replications: 5                 # runs per cell; or a measure, and how exactly it is to be known
seed: 1                         # of which theirs are drawn, the same in every cell

report:
  measures: [recovery.perFault.mean, messages.sentPerSecond]
`;

const rules = `# Rules: what managers (scope: local) and the coordinator (scope: global) do about
# what they see. A scenario names them: \`rules: [FILE]\`. Every key, and what expressions know:
# docs/writing-rules.md, or sim schema --kind rules.
rules:
  - name: restart-crashed
    description: Start again what is down while its host is up.
    scope: local                # enforced by the manager of each resource
    when: entity.state == "down" && entity.hostUp
    do: restart
    retry: { delay: 5s, factor: 2, max: 1m }

  - name: keep-three
    description: Keep three of each group running.
    scope: global               # enforced by the coordinator
    group: entity.labels.group
    let: { wanted: 3 }
    when: group.up + group.starting + group.unknown < wanted
    pick: entity.state == "stopped"
    do: start
`;

export const starters = { scenario, sweep, rules } as const;
export type StarterKind = keyof typeof starters;
