/** What of the browser the zoom uses; the rest of the program knows none. */
export interface Shape {
  readonly tagName: string;
  readonly children: ArrayLike<Shape>;
  readonly parentNode: Shape | null;
  readonly previousElementSibling: Shape | null;
  readonly style: { display: string };
  innerHTML: string;
  textContent: string | null;
  className: string;
  disabled: boolean;
  type: string;
  readonly value: string;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  querySelector(selector: string): Shape | null;
  querySelectorAll(selector: string): ArrayLike<Shape>;
  closest(selector: string): Shape | null;
  append(...children: readonly (Shape | string)[]): void;
  after(child: Shape): void;
  replaceChildren(...children: readonly Shape[]): void;
  cloneNode(deep: boolean): Shape;
  setPointerCapture(pointer: number): void;
  getBoundingClientRect(): Box;
  addEventListener(
    type: string, listener: (event: Happening) => void, options?: { passive: boolean },
  ): void;
}
export interface Box {
  readonly left: number; readonly top: number; readonly width: number; readonly height: number;
}
export interface Happening {
  readonly target: Shape;
  readonly key: string;
  readonly deltaY: number;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly clientX: number;
  readonly clientY: number;
  readonly pointerId: number;
  readonly pointerType: string;
  readonly buttons: number;
  preventDefault(): void;
}
export interface Page {
  readonly activeElement: Shape | null;
  createElement(tag: string): Shape;
  createElementNS(space: string, tag: string): Shape;
  querySelectorAll(selector: string): ArrayLike<Shape>;
  addEventListener(type: string, listener: (event: Happening) => void): void;
}
