/**
 * A text as searches compare it: in its lower case. A sigma is one letter, whether it ends a word or not, as a part of a word
 * ends elsewhere than the word.
 */
export const smallLetters = (text: string): string => text.toLowerCase().replaceAll('ς', 'σ')
