/** Lets stand out what is pointed at, or chosen. Runs in the browser. */
import type { Happening, Page } from '../zoom/browser.js';

declare const document: Page;

export function standOut(): void {
  const choices = Array.from(document.querySelectorAll('.linked select'));
  if (choices.length === 0) return;
  const style = document.createElement('style');
  document.querySelectorAll('head')[0].append(style);
  let shown = '';
  const show = (of: string): void => {
    if (of === shown) return;
    shown = of;
    style.textContent = rulesOf(of);
  };
  const chosen = (): string => choices.map(({ value }) => value).filter(Boolean).join(' ');
  for (const choice of choices) choice.addEventListener('change', () => show(chosen()));
  const pointed = ({ target }: Happening): string | null | undefined =>
    target.closest('[data-of]')?.getAttribute('data-of');
  document.addEventListener('mouseover', (event) => show(pointed(event) ?? chosen()));
}

/** All else is of another value of an axis that this is of, too. */
export function rulesOf(of: string): string {
  if (of === '') return '';
  const others = of.split(' ').map((key) =>
    `[data-of*="${key.split('=')[0]}="]:not([data-of~="${key}"])`);
  const all = (tag: string): string => others.map((other) => `${tag}${other}`).join();
  return `@media screen{tr[data-of]{background:var(--wash);box-shadow:inset 3px 0 var(--accent)}
${all('tr')}{background:none;box-shadow:none}${all('svg ')}{opacity:.13}
${all('svg .mark-area ')}{opacity:.03}}`;
}
