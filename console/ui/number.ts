const number = new Intl.NumberFormat()

/** A number as the viewer's browser writes it. */
export const shownNumber = (value: number): string => number.format(value)
