/** What live.js uses of the idiomorph package, which is served next to it. */
export declare const Idiomorph: {
  morph(
    oldNode: Element,
    newContent: Element,
    options: {
      morphStyle: 'outerHTML';
      callbacks: {
        beforeNodeMorphed(oldNode: Node, newNode: Node): boolean;
        beforeAttributeUpdated(name: string, node: Element, change: 'update' | 'remove'): boolean;
      };
    },
  ): unknown;
};
