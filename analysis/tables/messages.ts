import { count, flag, quantity, words, type RowOf } from './column.js';
import { tableOf } from './table.js';

const UNSTEADY = 'no time after the warm-up was outside of episodes';

const fields = {
  type: words('of message'),
  periodic: flag('sent at fixed periods while all is well'),
  sent: count('messages', 'every hop and acknowledgement'),
  duplicated: count('messages', 'copies that the network made'),
  delivered: count('messages', 'that reached a process that was up'),
  dropped: count('messages', 'lost, of whatever cause'),
  bytes: count('bytes', 'of sent'),
  per_second: quantity('messages/s', 'sent in steady state, outside of episodes', UNSTEADY),
  bytes_per_second: quantity('bytes/s', 'of per_second', UNSTEADY),
};

export type MessageRow = RowOf<typeof fields>;

export const messages =
  tableOf<MessageRow>('messages', 'a type of message, after the warm-up', fields);
