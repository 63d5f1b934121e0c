// Papers that journeys hand in, and what they read on papers that the system made.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A PDF with so many grey pages, as a scanner's program writes it. */
export function scanned (pages) {
  const drawn = '0.6 g 60 300 475 400 re f'
  const kids = Array.from({ length: pages }, (_, at) => `${at + 4} 0 R`)
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>', `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${pages} >>`,
    `<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`,
    ...kids.map(() => '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R /Resources << >> >>')
  ]
  let text = '%PDF-1.4\n'
  const places = objects.map((object, index) => {
    const at = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(at).padStart(10, '0')} 00000 n \n`
  })
  const table = text.length
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join('')}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`
  return { name: 'quet.pdf', mimeType: 'application/pdf', buffer: Buffer.from(text) }
}

/** What another program says of the signatures of a document. */
export function signatures (pdf) {
  const folder = mkdtempSync(join(tmpdir(), 'motcua-'))
  try {
    const paper = join(folder, 'paper.pdf')
    writeFileSync(paper, pdf)
    return execFileSync('pdfsig', ['-nocert', paper], { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What the QR code on the first page of a paper says, read by another program. */
export function code (pdf) {
  const folder = mkdtempSync(join(tmpdir(), 'motcua-'))
  try {
    const paper = join(folder, 'paper.pdf')
    writeFileSync(paper, pdf)
    execFileSync('pdftoppm', ['-r', '200', '-png', '-f', '1', '-l', '1', '-singlefile', paper, join(folder, 'page')])
    const read = execFileSync('zbarimg', ['-q', '--raw', '-Sdisable', '-Sqrcode.enable', join(folder, 'page.png')])
    return read.toString().trim()
  } finally {
    rmSync(folder, { recursive: true })
  }
}
