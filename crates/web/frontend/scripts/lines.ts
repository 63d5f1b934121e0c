// The lines of a drawing: when a pen is down, where it was, whether anything was drawn.

export interface Point { x: number, y: number }
type Draw = (from: Point, to: Point) => void

export class Lines {
  private last: Point | null = null
  private lines = 0

  /** Whether anything was drawn since the start or the last clearing. */
  get drawn (): boolean { return this.lines > 0 }

  /** The pen is down; a dot is a line too. */
  begin (at: Point, draw: Draw): void {
    this.last = at
    draw(at, at)
  }

  /** The pen moves; nothing is drawn while it is up. */
  go (to: Point, draw: Draw): void {
    if (this.last === null) return
    draw(this.last, to)
    this.last = to
  }

  /** The pen is up; says whether it was down. */
  end (): boolean {
    const was = this.last !== null
    this.last = null
    if (was) this.lines++
    return was
  }

  clear (): void {
    this.last = null
    this.lines = 0
  }

  /** A drawing of before lies on the pad again. */
  restored (): void { this.lines++ }
}
