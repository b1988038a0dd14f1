/** In their order, so many in a piece at most: what does not fit into one message. */
export function* pieces<One>(all: readonly One[], most: number): Generator<readonly One[]> {
  for (let start = 0; start < all.length; start += most) yield all.slice(start, start + most);
}
