import t from 'tap';
import { bytesPerResource, memoryBudget } from '../../bench/memory.js';

t.test('a resource keeps to its budget of memory in every part of the system', async (t) => {
  const bytes = await bytesPerResource(4_000, 16_000);
  for (const { part, budget } of memoryBudget) {
    const used = bytes.get(part)!;
    t.ok(used <= budget, `${part}: ${used.toFixed(0)} bytes of ${budget}`);
    // Next to nothing would mean that the part was not found.
    t.ok(used > budget / 4, `${part} is looked at`);
  }
});
