/** Whoever is left of the managers is found by all in the time that is printed. */
import { holds } from './holds.js';

holds('most-managers-lost', 5);
