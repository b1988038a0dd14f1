/** A manager whose first report to a coordinator crosses its order keeps what it was given. */
import { holds } from './holds.js';

holds('needless-move', 5);
