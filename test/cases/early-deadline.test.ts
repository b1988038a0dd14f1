/** A deadline that is rounded comes a microsecond before its time, and is set again. */
import { holds } from './holds.js';

holds('early-deadline', 5);
