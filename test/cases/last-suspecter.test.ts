/**
 * Patience with a dead manager begins when its last late probe may have come, whoever suspects
 * since.
 */
import { holds } from './holds.js';

holds('last-suspecter', 5);
