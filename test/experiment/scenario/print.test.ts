import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import t from 'tap';
import { stringify } from 'yaml';
import { loadScenario, parseScenario } from '../../../checker/scenario.js';
import { toYaml } from '../../../experiment/scenario/index.js';
import { absent } from '../../data.js';
import { ruleText, settings } from './arbitrary.js';
import { inTime } from '../../length.js';

t.test('a printed scenario reads back as exactly the same', (t) => {
  fc.assert(
    fc.property(settings, fc.array(ruleText, { maxLength: 2 }), (given, texts) => {
      const rules = texts.map((text, index) => ({ file: `r${index}.yaml`, text }));
      const scenario = parseScenario(stringify({ ...given, rules }), 'given.yaml');
      const printed = toYaml(scenario);
      const again = parseScenario(printed, 'printed.yaml');
      return isDeepStrictEqual(again, scenario) && toYaml(again) === printed;
    }),
    { numRuns: inTime(100, 300) },
  );
  t.pass('whatever is given');
  t.end();
});

t.test('so do the shipped ones, rules included', (t) => {
  for (const file of readdirSync('scenarios').filter((name) => name.endsWith('.yaml'))) {
    const data = /file: data\/(\S+)/.exec(readFileSync(`scenarios/${file}`, 'utf8'))?.[1];
    const skip = data !== undefined && absent(data);
    if (skip !== false) {
      void t.test(file, { skip }, async () => {});
      continue;
    }
    const scenario = loadScenario(`scenarios/${file}`);
    t.strictSame(parseScenario(toYaml(scenario), 'elsewhere/other.yaml'), scenario, file);
  }
  t.end();
});

t.test('it reads as a user would write it', (t) => {
  const text = toYaml(parseScenario('duration: 2h\nsystem: { managers: 3 }', 'brief.yaml'));
  t.match(text, 'duration: 2h\n');
  t.match(text, '  managers: { heartbeatPeriod: 10s, timeout: 30s, answerTimeout: 30s }\n');
  t.match(text, '  latency: { uniform: { low: 1ms, high: 10ms } }\n');
  t.end();
});
