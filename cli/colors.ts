import colors from 'picocolors';

/** Colours on a terminal only: picocolors alone would also colour what CI writes into a pipe. */
export default colors.createColors(process.stdout.isTTY ? colors.isColorSupported : false);
