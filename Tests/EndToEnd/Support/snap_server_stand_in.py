"""The update server's side of the snap exchange, over HTTPS with client certificates, for tests of the agent alone.

usage: snap_server_stand_in.py FOLDER SNAPS   (FOLDER: server.pem, server.key, root.crt; SNAPS: index.json and the files)

It asks for the list when the hashes of a heartbeat are news, and requires what FOLDER/required.json names:
[{"name", "channel"?, "source"?}]. FOLDER/orders.json holds requests that are sent until they are answered. What it knows is in
FOLDER/server.json. While FOLDER/deaf exists it answers 503, while FOLDER/lossy exists it stores and drops the connection.
"""
import http.server, json, os, ssl, sys, threading, urllib.parse

FOLDER, SNAPS = sys.argv[1:3]
LOCK = threading.Lock()
INDEX = {}
for snap in json.load(open(SNAPS + "/index.json"))["snaps"]:
    INDEX.setdefault(snap["name"], snap)


def read(name, default):
    try:
        with open(FOLDER + "/" + name) as file:
            return json.load(file)
    except (FileNotFoundError, ValueError):
        return default


NOW = read("server.json", {"hashes": None, "snaps": None, "answers": [], "heartbeats": [], "next": 1, "open": None, "answered": [], "ranges": []})


def save():
    with open(FOLDER + "/server.json.new", "w") as file:
        json.dump(NOW, file)
    os.replace(FOLDER + "/server.json.new", FOLDER + "/server.json")


def requests():
    asked = [r for r in read("orders.json", []) if r["id"] not in NOW["answered"]]
    if NOW["snaps"] is None:
        return asked + [{"id": "list-%d" % NOW["next"], "action": "list"}]
    names = [snap["name"] for snap in NOW["snaps"]]
    missing = [r for r in read("required.json", []) if r["name"] not in names]
    if not missing:
        NOW["open"] = None
    elif not NOW["open"]:
        NOW["open"] = "required-%d" % NOW["next"]
        NOW["next"] += 1
    if NOW["open"]:
        snaps = []
        for required in missing:
            snap = {"name": required["name"], "classic": required.get("classic", False), "source": required.get("source", "update")}
            file = INDEX.get(required["name"])
            if snap["source"] != "store":
                snap.update({"revision": file["revision"], "sha3-384": file["sha3-384"], "size": file["size"], "type": file["type"]})
                snap["classic"] = file["classic"]
            snaps.append(snap)
        asked = asked + [{"id": NOW["open"], "action": "required-install", "snaps": snaps}]
    return asked


def greet(word):
    """Tells whoever waits for the file in READY that this serves now."""
    with open(os.environ["READY"] + ".new", "w") as file:
        file.write(word)
    os.replace(os.environ["READY"] + ".new", os.environ["READY"])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def device(self):
        subject = dict(pair[0] for pair in self.connection.getpeercert()["subject"])
        return subject["commonName"]

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if os.path.exists(FOLDER + "/deaf"):
            return self.send(503, {"slug": "unavailable", "detail": "not now"})
        with LOCK:
            if self.path == "/snaps/heartbeat":
                if body["deviceId"] != self.device():
                    return self.send(403, {"slug": "device-differs", "detail": "another device"})
                NOW["heartbeats"].append(body)
                hashes = [body.get("snapListHash"), body.get("installedSnapsHash")]
                if hashes[0] and hashes != NOW["hashes"]:
                    NOW["snaps"] = None
            else:
                NOW["answers"].append(body)
                if body["action"] == "list":
                    NOW["snaps"] = body["result"]["snaps"]
                    NOW["hashes"] = [body["result"]["snapListHash"], body["result"]["installedSnapsHash"]]
                    NOW["next"] += 1
                elif body.get("state") != "accepted":
                    NOW["answered"].append(body["id"])
                    if body.get("state") == "done":
                        NOW["open"] = None
            asked = requests() if self.path == "/snaps/heartbeat" or body["action"] == "list" else []
            save()
        if os.path.exists(FOLDER + "/lossy"):
            os.unlink(FOLDER + "/lossy")
            self.close_connection = True
            return
        self.send(200, {"requests": asked})

    def do_GET(self):
        name = urllib.parse.unquote(self.path.rsplit("/", 1)[1])
        digest, ending = name.rsplit(".", 1)
        found = [s for s in json.load(open(SNAPS + "/index.json"))["snaps"] if s["sha3-384"] == digest]
        if not found or os.path.exists(FOLDER + "/deaf"):
            return self.send(404, {"slug": "no-such-snap", "detail": "there is no such snap"})
        with open("%s/%s_%s.%s" % (SNAPS, found[0]["name"], found[0]["revision"], ending), "rb") as file:
            data = file.read()
        first = self.headers.get("Range")
        if first:
            with LOCK:
                NOW["ranges"].append(first)
                save()
            data = data[int(first.split("=")[1].split("-")[0]):]
        self.send_response(206 if first else 200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if os.path.exists(FOLDER + "/half") and ending == "snap" and not first:
            self.wfile.write(data[: len(data) // 2])
            self.close_connection = True
            return
        self.wfile.write(data)

    def send(self, status, document):
        text = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if status == 200 else "application/problem+json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(FOLDER + "/server.pem", FOLDER + "/server.key")
context.load_verify_locations(FOLDER + "/root.crt")
context.verify_mode = ssl.CERT_REQUIRED
server.socket = context.wrap_socket(server.socket, server_side=True)
greet(str(server.server_address[1]))
server.serve_forever()
