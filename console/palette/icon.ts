/** How icons look in the palette. */
export const icon = { size: 16, stroke: 1.7, 'aria-hidden': true } as const
