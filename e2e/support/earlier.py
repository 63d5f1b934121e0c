"""Rewrites the log of one dossier as a release before signatures wrote it: nobody signed its result.

What the signature's event said is said no more; each hash is counted anew, so that the log is whole. The
table of results is left as such a release leaves it, for the migration of the next start to fill.
"""
import hashlib
import json
import sqlite3
import struct
import sys


def chained(before, version, fields, at):
    known = hashlib.sha256()
    for text in [before, *fields]:
        encoded = text.encode()
        known.update(struct.pack(">Q", len(encoded)) + encoded)
    known.update(struct.pack(">q", version) + struct.pack(">q", at))
    return known.hexdigest()


def main(file, dossier):
    db = sqlite3.connect(file)
    rows = db.execute(
        "SELECT version, kind, body, actor, behalf, at FROM event WHERE stream = ? ORDER BY version",
        (dossier,),
    ).fetchall()
    head, step = "", 0
    for version, kind, body, actor, behalf, at in rows:
        said = json.loads(body)
        if kind == "dossier.step_finished.v1":
            step = said["step"] + 1
        if kind == "dossier.result_signed.v1":
            kind = "dossier.assigned.v1"
            said = {"kind": kind, "at": said["at"], "step": step, "to": actor}
            body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        fields = [dossier, kind, body, actor] + ([behalf] if behalf else [])
        head = chained(head, version, fields, at)
        db.execute(
            "UPDATE event SET kind = ?, body = ?, hash = ? WHERE stream = ? AND version = ?",
            (kind, body, head, dossier, version),
        )
    db.execute("DELETE FROM outbox WHERE dossier = ? AND kind = 'make_result'", (dossier,))
    db.execute("DELETE FROM result_document")
    db.execute("INSERT INTO to_fill (name) VALUES ('result_document')")
    db.commit()


main(*sys.argv[1:])
