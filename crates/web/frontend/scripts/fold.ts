// Letters as people search them: no case, no tone marks, đ as d. The server folds the same way.

export function fold (text: string): string {
  return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/đ/g, 'd').replace(/\s+/g, ' ').trim()
}

/** True if every word asked for begins some word of the text, in any order. */
export function fits (text: string, asked: string): boolean {
  const words = fold(text).split(/[^a-z0-9.]+/)
  return fold(asked).split(' ').every(part => words.some(word => word.startsWith(part)))
}
