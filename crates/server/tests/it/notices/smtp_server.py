"""A real SMTP server for the tests: it takes, refuses, puts off or keeps waiting, as a file says.

Arguments: a folder and a port (0 for any). The folder's file `mode` is read at each recipient; mails
that were taken are appended to its file `mails`, one JSON object a line. With `cert.pem` and `key.pem`
in the folder it wants STARTTLS.
"""

import asyncio
import json
import pathlib
import ssl
import sys
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP


class Mailbox:
    def __init__(self, folder):
        self.folder = folder

    async def handle_RCPT(self, server, session, envelope, address, options):
        mode = (self.folder / "mode").read_text().strip()
        if mode == "refuse":
            return f"550 5.1.1 <{address}>: no such mailbox"
        if mode == "later":
            return "450 4.2.0 mailbox busy, try again"
        if mode == "slow":
            await asyncio.sleep(30)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=policy.default)
        mail = {
            "id": message["Message-ID"],
            "to": envelope.rcpt_tos,
            "subject": message["Subject"],
            "body": message.get_content(),
        }
        with open(self.folder / "mails", "a", encoding="utf-8") as mails:
            mails.write(json.dumps(mail) + "\n")
        return "250 2.0.0 taken"


async def main(folder, port):
    loop = asyncio.get_running_loop()
    tls = {}
    if (folder / "cert.pem").exists():
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        tls = {"tls_context": context, "require_starttls": True}
    server = await loop.create_server(
        lambda: SMTP(Mailbox(folder), hostname="mail.test", **tls), "127.0.0.1", port
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main(pathlib.Path(sys.argv[1]), int(sys.argv[2])))
