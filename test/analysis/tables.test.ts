import fc from 'fast-check';
import t from 'tap';
import { csv, csvOf, faults, parseCsv } from '../../analysis/tables/index.js';

void t.test('CSV comes back as it was written, whatever the texts hold', (t) => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom('', '"', '""', ',', 'a,b', 'x\ny', 'x\r\ny', ' "q" ', 'zone-1 | zone-2'),
  );
  const number = fc.oneof(fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  const row = fc.record({ name: text, value: fc.option(number), flag: fc.boolean() });
  const property = fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
    const cells = rows.map((each) => [each.name, each.value, each.flag]);
    const written = [...csv(['name', 'value', 'flag'], cells)].join('');
    const read = parseCsv(written);
    if (read.length !== rows.length) return false;
    return rows.every(({ name, value, flag }, index) => {
      const back = read[index];
      const same = value === null ? back['value'] === '' : Number(back['value']) === value;
      return back['name'] === name && same && back['flag'] === String(flag);
    });
  });
  t.doesNotThrow(() => fc.assert(property));
  t.end();
});

void t.test('long tables come in pieces', (t) => {
  const rows = Array.from({ length: 10_000 }, (_, index) => [index, 'x']);
  const pieces = [...csv(['number', 'text'], rows)];
  t.equal(pieces.length, 3);
  t.equal(parseCsv(pieces.join('')).length, 10_000);
  t.end();
});

void t.test('empty stands for absent, zero for zero', (t) => {
  const row = {
    fault: 7,
    time_s: 0,
    kind: 'crash',
    target: 'a, b',
    scope: 'management',
    cleared_s: null,
    detected_s: 0,
    recovered_s: null,
    censored: true,
  } as const;
  const written = [...csvOf(faults, [row])].join('');
  t.equal(written.split('\n')[1], '7,0,crash,"a, b",management,,0,,true');
  t.same(faults.read(written), [row]);
  t.end();
});
