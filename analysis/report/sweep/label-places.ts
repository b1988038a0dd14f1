/** Names beside points, so that none lies on another, nor on a point. */

/** A point in pixels, and the size of its name. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly label: string;
  readonly width: number;
  readonly height: number;
}

/** A name: its left edge, and its middle. */
export interface Placed {
  readonly x: number;
  readonly y: number;
  readonly label: string;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** From a point to its name. */
const AWAY = 8;
const CLOSE = 45;
/** Half of a point's size. */
const RADIUS = 4;

/** Each at the first free place around its point; without one it is left out. */
export function placed(spots: readonly Spot[], width: number, height: number): Placed[] {
  const taken: Box[] = spots.map(({ x, y }) =>
    ({ left: x - RADIUS, right: x + RADIUS, top: y - RADIUS, bottom: y + RADIUS }));
  const told: Spot[] = [];
  return spots.flatMap((spot) => {
    const { label } = spot;
    // Of points of one name that are close together, one bears it.
    const isTold = told.some((one) => one.label === label &&
      Math.abs(one.x - spot.x) < CLOSE && Math.abs(one.y - spot.y) < CLOSE);
    if (isTold) return [];
    const place = places(spot).find(({ x, y }) => {
      const box = boxAt(spot, x, y);
      const inside = box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;
      return inside && !taken.some((other) => overlap(box, other));
    });
    if (place === undefined) return [];
    taken.push(boxAt(spot, place.x, place.y));
    told.push(spot);
    return [{ ...place, label }];
  });
}

function places({ x, y, width }: Spot): { x: number; y: number }[] {
  const [right, left, middle] = [x + AWAY, x - AWAY - width, x - width / 2];
  return [
    { x: right, y: y - AWAY }, { x: right, y: y + AWAY }, { x: left, y: y + AWAY },
    { x: left, y: y - AWAY }, { x: right, y }, { x: left, y },
    { x: middle, y: y - 2 * AWAY }, { x: middle, y: y + 2 * AWAY },
  ];
}

function boxAt({ width, height }: Spot, x: number, y: number): Box {
  return { left: x, right: x + width, top: y - height / 2, bottom: y + height / 2 };
}

function overlap(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right &&
    one.top < other.bottom && other.top < one.bottom;
}
