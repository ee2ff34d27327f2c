"""One run of python-tuf's client against a directory, over HTTP on loopback: follow.py REPOSITORY STATE [TARGET...]

STATE holds what the client trusts between runs; before the first one it holds bootstrap.json, the trusted root.
Prints the versions it arrived at and the digest of each target it fetched, as JSON.
"""

import functools
import hashlib
import http.server
import json
import pathlib
import sys
import threading

from tuf.ngclient import Updater


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def main(repository, state, *targets):
    state = pathlib.Path(state)
    handler = functools.partial(Quiet, directory=repository)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_address[1]}/"
        for folder in ("metadata", "fetched"):
            (state / folder).mkdir(exist_ok=True)
        updater = Updater(
            str(state / "metadata"), base, str(state / "fetched"), base + "targets/",
            bootstrap=(state / "bootstrap.json").read_bytes(),
        )
        updater.refresh()
        fetched = {}
        for name in targets:
            info = updater.get_targetinfo(name)
            if info is None:
                fetched[name] = None
                continue
            path = pathlib.Path(updater.download_target(info))
            fetched[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        trusted = updater._trusted_set
        print(json.dumps({
            "root": trusted.root.version, "timestamp": trusted.timestamp.version, "snapshot": trusted.snapshot.version,
            "targets": trusted.targets.version, "count": len(trusted.targets.targets), "fetched": fetched,
        }))
        server.shutdown()


main(*sys.argv[1:])
