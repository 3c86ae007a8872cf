/** An e-mail address as leads are found by it: the case of A to Z means nothing, as the engines fold no more alike. */
export const foldedEmail = (email: string): string => email.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
