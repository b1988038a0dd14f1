/** A full mesh of sixty is whole within sixty probe periods, not before. */
import { holds } from './holds.js';

holds('full-mesh-whole', 5);
