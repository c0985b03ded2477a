/** What an element holds: text, further elements, a list of `item`s, or nothing (left out). */
export type XmlValue =
  string | number | boolean | null | undefined | readonly XmlValue[] | XmlElements;
export interface XmlElements {
  readonly [name: string]: XmlValue;
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * A document in AWS's form: absent values as absent elements.
 *
 * @param listItem what the elements of a list are called: EC2 says `item`, all others `member`
 */
export function xmlDocument(
  root: string,
  elements: XmlElements,
  namespace?: string,
  listItem: 'item' | 'member' = 'item',
): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${escaped(namespace)}"`;
  return `${declaration}<${root}${attribute}>${childrenOf(elements, listItem)}</${root}>`;
}

function childrenOf(elements: XmlElements, listItem: string): string {
  return Object.entries(elements)
    .map(([name, value]) => element(name, value, listItem))
    .join('');
}

function element(name: string, value: XmlValue, listItem: string): string {
  if (value === null || value === undefined) return '';
  const content = contentOf(value, listItem);
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

function contentOf(value: Exclude<XmlValue, null | undefined>, listItem: string): string {
  if (typeof value !== 'object') return escaped(String(value));
  return isList(value)
    ? value.map((item) => element(listItem, item, listItem)).join('')
    : childrenOf(value, listItem);
}

function isList(value: readonly XmlValue[] | XmlElements): value is readonly XmlValue[] {
  return Array.isArray(value);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A parser turns a bare carriage return into a line feed: a file would not arrive as it was.
  '\r': '&#xd;',
};

/**
 * Text as XML 1.0 can carry it. Characters that it cannot carry at all, not even escaped (most
 * control characters, halves of surrogate pairs), are left out.
 */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFC\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll(/[&<>"'\r]/g, (character) => entities[character] ?? character);
}
