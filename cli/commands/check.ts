import type { CommandModule } from 'yargs';
import { loadScenario } from '../../experiment/scenario/index.js';
import { assess, assessmentText } from '../assess.js';
import {
  outputOptions,
  scenarioOptions,
  type OutputArguments,
  type ScenarioArguments,
} from '../options.js';

interface Arguments extends ScenarioArguments, OutputArguments {}

export const check: CommandModule<object, Arguments> = {
  command: 'check <scenario>',
  describe: 'read a scenario; print what it promises and costs; run nothing',
  builder: (yargs) => outputOptions(scenarioOptions(yargs)),
  handler: ({ scenario, seed, set, json, quiet }) => {
    const assessment = assess(loadScenario(scenario, { set, seed }));
    if (json) console.log(JSON.stringify(assessment, null, 2));
    else if (!quiet) console.log(assessmentText(assessment));
  },
};
