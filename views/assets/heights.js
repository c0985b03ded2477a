// @ts-check
// What somebody is looking at stays where it is: a part that a refresh makes shorter keeps the height
// that it has had, so that nothing below it jumps up.

const parts = '.card-main, .card-side, .situation, .stage';

/** The most that each part has been, in pixels, by its endpoint and class. */
const heights = new Map();

/** @param {HTMLElement} part */
function nameOf(part) {
  const owner = part.closest('[data-endpoint]');
  return `${owner?.getAttribute('data-endpoint') ?? ''} ${part.classList[0] ?? ''}`;
}

/**
 * @param {Element} region
 * @returns {HTMLElement[]}
 */
function partsOf(region) {
  return [...region.querySelectorAll(parts)].filter((part) => part instanceof HTMLElement);
}

/**
 * Before a refresh.
 *
 * @param {Element} region
 */
export function noteHeights(region) {
  for (const part of partsOf(region)) {
    heights.set(nameOf(part), part.getBoundingClientRect().height);
  }
}

/**
 * After it.
 *
 * @param {Element} region
 */
export function keepHeights(region) {
  for (const part of partsOf(region)) {
    const height = heights.get(nameOf(part));
    if (height !== undefined) part.style.minHeight = `${height}px`;
  }
}

// In another width every part has another height.
window.addEventListener('resize', () => {
  heights.clear();
  for (const part of partsOf(document.body)) part.style.minHeight = '';
});
