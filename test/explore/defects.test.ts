/** Defects that explorations have to find can still be sown: each patch has its place in core. */
import t from 'tap';
import { defects } from './defects.js';
import { coreSource } from './patched.js';

t.test('each patch has one place, and changes it', (t) => {
  for (const { name, patches } of defects) {
    for (const { file, from, to } of patches) {
      t.equal(coreSource(file).split(from).length, 2, `${name}: core/${file}`);
      t.not(from, to, name);
    }
  }
  t.end();
});
