/** Reads a trace in a process of its own: prints what is in it, and how much memory it took. */
import { censusOf } from '../../../experiment/faults/index.js';
import { openOutages, readTrace } from '../../../experiment/traces/index.js';

const before = process.memoryUsage().rss;
const trace = readTrace(process.argv[2], 'avt');
const when = {
  kind: 'trace', trace, format: 'avt', fromUs: trace.startUs, untilUs: trace.endUs, startUs: 0,
  speedUp: 1, nodes: trace.nodes,
} as const;
const { outages, downUs } = censusOf(when, Infinity, () => 0);
// As in a run: now this node, now that one.
const cursor = openOutages(trace);
let firstDownUs = 0;
for (let round = 0; round < 2; round += 1) {
  for (let node = 0; node < trace.nodes; node += 1) {
    if (cursor.next(node)) firstDownUs += cursor.endUs - cursor.beginUs;
  }
}
const { nodes, rows, merged } = trace;
const grown = process.resourceUsage().maxRSS * 1024 - before;
process.stdout.write(JSON.stringify({ nodes, rows, merged, outages, downUs, firstDownUs, grown }));
