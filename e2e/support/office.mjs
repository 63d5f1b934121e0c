// A demonstration office of a test file's own: its server, its database, its folder.
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The password of every account of the demonstration. */
export const PASSWORD = 'motcua-2026'
/** What unlocks every signing key of the demonstration. */
export const PIN = '246810'

const run = promisify(execFile)
const PATIENCE_MS = 60_000

export class Office {
  #folder
  #server
  #said = []
  /** Cookies of people who are signed in: a one-time code serves once in thirty seconds. */
  sessions = new Map()
  /** How many days ahead of the machine's clock the next start is. */
  daysAhead = 0
  base = ''

  static async open () {
    const office = new Office()
    office.#folder = await mkdtemp(join(tmpdir(), 'motcua-e2e-'))
    await office.start()
    return office
  }

  get #data () {
    const at = name => join(this.#folder, name)
    return ['--database', `sqlite:${at('demo.db')}`, '--files', at('files'), '--key-file', at('key')]
  }

  get #ahead () {
    return ['--days-ahead', String(this.daysAhead)]
  }

  /** Ends the server as an operator does and starts it so many days later; everybody has to sign in anew. */
  async later (days) {
    await this.#end('SIGTERM')
    this.daysAhead += days
    this.sessions.clear()
    await this.start()
  }

  /** Starts the server; a second start listens where the first did, so that open pages find it. */
  async start () {
    const address = this.base === '' ? '127.0.0.1:0' : new URL(this.base).host
    const server = spawn(program(), ['demo', '--empty', ...this.#data, ...this.#ahead, '--address', address], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#server = server
    createInterface({ input: server.stderr }).on('line', line => { this.#said.push(line) })
    this.base = await new Promise((resolve, reject) => {
      const late = setTimeout(() => { reject(new Error(`the server is silent:\n${this.said}`)) }, PATIENCE_MS)
      server.once('exit', code => { reject(new Error(`the server ended with ${code}:\n${this.said}`)) })
      createInterface({ input: server.stdout }).on('line', line => {
        const found = /http:\/\/[\d.]+:\d+/.exec(line)
        if (!found) return
        clearTimeout(late)
        resolve(found[0])
      })
    })
  }

  /** Takes every signing key away, as a token does that was pulled out; certificates stay. */
  async pullKeys () {
    await this.#renameKeys('.p8', '.pulled')
  }

  /** Puts them back. */
  async putKeysBack () {
    await this.#renameKeys('.pulled', '.p8')
  }

  async #renameKeys (from, to) {
    const folder = join(this.#folder, 'files.signing')
    const keys = (await readdir(folder)).filter(name => name.endsWith(from))
    await Promise.all(keys.map(name => rename(join(folder, name), join(folder, name.replace(from, to)))))
  }

  /** Makes of a result that was issued one that an earlier release closed: nobody signed it, and the list of
   * such results is filled by the migration at the next start, a day later. */
  async closedEarlier (dossier) {
    await this.#end('SIGTERM')
    const script = fileURLToPath(new URL('earlier.py', import.meta.url))
    await run('python3', [script, join(this.#folder, 'demo.db'), dossier])
    this.daysAhead += 1
    this.sessions.clear()
    await this.start()
  }

  /** What the server wrote to its log, the last lines. */
  get said () {
    return this.#said.slice(-40).join('\n')
  }

  /** Ends the server as a power cut does. */
  async kill () {
    await this.#end('SIGKILL')
  }

  async close () {
    await this.#end('SIGTERM')
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #end (signal) {
    const server = this.#server
    if (server.exitCode !== null || server.signalCode !== null) return
    server.removeAllListeners('exit')
    const ended = new Promise(resolve => { server.once('exit', resolve) })
    server.kill(signal)
    await ended
  }

  /** The one-time code of an account now. */
  async code (login) {
    const { stdout } = await run(program(), ['totp', login, ...this.#data, ...this.#ahead])
    return stdout.trim()
  }

  /** Sets terms of procedures, as the operator does whom the province decided for. */
  async terms (entries) {
    const file = join(this.#folder, 'terms.json')
    await writeFile(file, JSON.stringify(entries))
    await run(program(), ['import', 'terms', file, ...this.#data.slice(0, 2)])
  }

  /** Replays the log against every table, as the operator does. */
  async check () {
    const { stdout } = await run(program(), ['check', ...this.#data])
    return stdout
  }
}

function program () {
  const given = process.env.MOTCUA_BIN
  if (!given) throw new Error('MOTCUA_BIN must name the program: cargo xtask test --only browser sets it')
  return given
}
