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
  /** There was room for it. */
  readonly shown: boolean;
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
/** Digits of DejaVu Sans are so much wider than reckoned. */
const WIDER = 1.08;
/** Between two names. */
const APART = 3;
/** Half of a point's size. */
const RADIUS = 4;

/** One for each spot, at the first free place around it; without one it is not shown. */
export function placed(spots: readonly Spot[], width: number, height: number): Placed[] {
  const taken: Box[] = spots.map(({ x, y }) =>
    ({ left: x - RADIUS, right: x + RADIUS, top: y - RADIUS, bottom: y + RADIUS }));
  const told: Spot[] = [];
  return spots.map((spot): Placed => {
    const { label } = spot;
    // Of points of one name that are close together, one bears it.
    const isTold = told.some((one) => one.label === label &&
      Math.abs(one.x - spot.x) < CLOSE && Math.abs(one.y - spot.y) < CLOSE);
    const around = places(spot);
    const place = isTold ? undefined : around.find(({ x, y }) => {
      const box = boxAt(spot, x, y);
      const inside = box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;
      return inside && !taken.some((other) => overlap(box, other));
    });
    if (place === undefined) return { ...around[0], label, shown: false };
    taken.push(boxAt(spot, place.x, place.y));
    told.push(spot);
    return { ...place, label, shown: true };
  });
}

function places({ x, y, width }: Spot): { x: number; y: number }[] {
  const [right, left, middle] = [x + AWAY, x - AWAY - width * WIDER, x - width / 2];
  return [
    { x: right, y: y - AWAY }, { x: right, y: y + AWAY }, { x: left, y: y + AWAY },
    { x: left, y: y - AWAY }, { x: right, y }, { x: left, y },
    { x: middle, y: y - 2 * AWAY }, { x: middle, y: y + 2 * AWAY },
  ];
}

function boxAt({ width, height }: Spot, x: number, y: number): Box {
  return { left: x, right: x + width * WIDER + APART, top: y - height / 2, bottom: y + height / 2 };
}

function overlap(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right &&
    one.top < other.bottom && other.top < one.bottom;
}
