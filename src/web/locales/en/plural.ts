/** English has two forms; the figure comes formatted. */
export function plural(value: number, figure: string, one: string, many: string): string {
  return `${figure} ${value === 1 ? one : many}`;
}
