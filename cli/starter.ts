/** What `sim init` writes: a scenario that runs as it is, and teaches. */
export const starter = `# A scenario: what there is, how it is managed, what goes wrong, and when.
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
