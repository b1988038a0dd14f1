#!/usr/bin/env node
/** Loads the program: what keeps it from being loaded must be said too, and without it. */
try {
  const { start } = await import('./program.js');
  await start();
} catch (error) {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EMFILE' && code !== 'ENFILE') throw error;
  // Also where it is a pipe, it is written before we leave.
  process.exitCode = 4;
  const remedy = 'allow more: ulimit -n 1024';
  const message = `sim: too few open files are allowed to load the program, ${remedy}`;
  const asDocument = process.argv.includes('--json');
  console.error(asDocument ? JSON.stringify({ error: { message, exitCode: 4 } }) : message);
}
