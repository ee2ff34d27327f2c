"""A snapd for tests: its REST API on a Unix socket, as far as observed behaviour is known.

usage: snapd_stand_in.py SOCKET STATE FAULTS

STATE is a JSON file that survives this process. FAULTS is a JSON file that is read before every request:
  {"kill": {"at": N, "when": "before"|"after"}}  kills the client at the Nth request from when the file appeared
  {"conflicts": N}                                refuses that many changes first (the file is rewritten)
  {"prune": true}                                 forgets changes as soon as they are over
  {"store": ["name", ...]}                        the names that the store has; absent: the store cannot be reached
  {"slow": N}                                     a change needs N looks before it is over
  {"huge": true}                                  says more of one snap than an agent reads
  {"fail": "words"}                               the next change ends in Error with these words
"""
import base64, hashlib, http.server, json, os, random, re, signal, socket, socketserver, struct, subprocess, sys, tempfile, threading, urllib.parse

SOCKET, STATE, FAULTS = sys.argv[1:4]
LOCK = threading.RLock()
SEEN = {"faults": None, "count": 0}


def load():
    try:
        with open(STATE) as file:
            return json.load(file)
    except FileNotFoundError:
        return {"snaps": {}, "changes": {}, "next": 1, "assertions": [], "installs": {}, "requests": [], "acks": 0}


STATE_NOW = load()


def save():
    with open(STATE + ".new", "w") as file:
        json.dump(STATE_NOW, file)
    os.replace(STATE + ".new", STATE)


def faults():
    try:
        with open(FAULTS) as file:
            return json.load(file)
    except (FileNotFoundError, ValueError):
        return {}


def set_faults(value):
    with open(FAULTS + ".new", "w") as file:
        json.dump(value, file)
    os.replace(FAULTS + ".new", FAULTS)


class Refusal(Exception):
    def __init__(self, status, message, kind=None):
        self.status, self.message, self.kind = status, message, kind


def headers_of(text):
    """The plain headers of each assertion."""
    found = []
    for block in re.split(r"\n\n(?=type: )", text.strip() + "\n"):
        headers = dict(re.findall(r"^([a-z0-9-]+): (.*)$", block.split("\n\n")[0], re.M))
        if "type" not in headers or "\n\n" not in block:
            raise Refusal(400, "cannot decode request body into assertions: assertion content/signature separator not found")
        found.append(headers)
    return found


def inspect(path):
    """Name, base, type and confinement out of the snap's meta/snap.yaml."""
    result = subprocess.run(["unsquashfs", "-cat", path, "meta/snap.yaml"], capture_output=True, text=True)
    if result.returncode != 0:
        raise Refusal(400, "cannot read snap file: " + (result.stderr.strip().splitlines() or ["not a snap"])[-1])
    fields = dict(re.findall(r"^([a-z-]+): *['\"]?([^'\"\n]*)['\"]?$", result.stdout, re.M))
    return {"name": fields["name"], "version": fields.get("version", "1"), "type": fields.get("type", "app"),
            "base": fields.get("base"), "confinement": fields.get("confinement", "strict")}


def digest_of(path):
    digest = hashlib.sha3_384()
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")


def busy(names):
    fault = faults()
    if fault.get("conflicts", 0) > 0:
        fault["conflicts"] -= 1
        set_faults(fault)
        return True
    return any(not change["ready"] and set(change["data"]["snap-names"]) & set(names) for change in STATE_NOW["changes"].values())


def begin(kind, summary, names, work, err=None):
    """A change, which is done by looking at it; `work` is what it will do, as data."""
    if busy(names):
        raise Refusal(409, 'snap "%s" has "%s" change in progress' % (names[0], kind), "snap-change-conflict")
    fault = faults()
    if fault.get("fail"):
        err = fault.pop("fail")
        set_faults(fault)
    number = str(STATE_NOW["next"])
    STATE_NOW["next"] += 1
    STATE_NOW["changes"][number] = {
        "id": number, "kind": kind, "summary": summary, "status": "Do", "ready": False, "spawn-time": "2026-01-01T00:00:00Z",
        "data": {"snap-names": names}, "tasks": [{"id": number, "kind": "prerequisites", "status": "Do", "summary": summary}],
        "work": work, "error": err, "looks": fault.get("slow", 1)}
    return number


def proceed(change):
    if change["ready"]:
        return
    change["status"] = "Doing"
    change["looks"] -= 1
    if change["looks"] > 0:
        return
    change["ready"] = True
    if change["error"]:
        change["status"] = "Error"
        change["err"] = "cannot perform the following tasks:\n- %s (%s)" % (change["summary"], change["error"])
        return
    change["status"] = "Done"
    for work in change["work"]:
        snap = STATE_NOW["snaps"].get(work["name"])
        if work["do"] == "install":
            STATE_NOW["snaps"][work["name"]] = work["snap"]
            STATE_NOW["installs"][work["name"]] = STATE_NOW["installs"].get(work["name"], 0) + 1
        elif work["do"] == "remove":
            STATE_NOW["snaps"].pop(work["name"], None)
        elif snap is not None:
            snap.update(work["set"])


def element(info, revision):
    return {"id": "id-of-" + info["name"], "name": info["name"], "summary": info["name"], "installed-size": info.get("size", 4096),
            "install-date": "2026-01-01T00:00:00Z", "type": info["type"], "base": info["base"] or "", "status": "active",
            "version": info["version"], "channel": "stable", "tracking-channel": "latest/stable", "ignore-validation": False,
            "revision": revision, "confinement": info["confinement"], "private": False, "devmode": False, "jailmode": False,
            "apps": [{"snap": info["name"], "name": info["name"]}], "mounted-from": "/var/lib/snapd/snaps/x.snap", "hold": None}


def prerequisites(infos):
    """snapd's words when it would have to ask the store."""
    coming = {info["name"] for info in infos} | set(STATE_NOW["snaps"])
    for info in infos:
        if info["type"] in ("os", "snapd", "base", "kernel", "gadget"):
            continue
        for need in [info["base"] or "core"] + (["snapd"] if not coming & {"core", "snapd"} else []):
            if need not in coming and need != "none":
                return 'cannot install snap base "%s": persistent network error: Post "https://api.snapcraft.io/v2/snaps/refresh": dial tcp: lookup api.snapcraft.io: no such host' % need
    return None


def parse_form(body, content_type):
    boundary = b"--" + re.search(r'boundary="?([^";]+)', content_type).group(1).encode()
    fields, files = {}, []
    for part in body.split(boundary)[1:-1]:
        head, data = part[2:-2].split(b"\r\n\r\n", 1)
        head = head.decode()
        name = re.search(r'name="([^"]*)"', head).group(1)
        if "filename=" in head:
            files.append((name, data, re.search(r'filename="([^"]*)"', head).group(1)))
        else:
            fields[name] = data.decode()
    return fields, files


def sideload(fields, files):
    infos, work = [], []
    for name, data, file_name in files:
        if name != "snap":
            continue
        with tempfile.NamedTemporaryFile(suffix=".snap") as file:
            file.write(data)
            file.flush()
            digest, info = digest_of(file.name), inspect(file.name)
        revision = next((a["snap-revision"] for a in STATE_NOW["assertions"]
                         if a["type"] == "snap-revision" and a.get("snap-sha3-384") == digest), None)
        if revision is None:
            if fields.get("dangerous") != "true":
                raise Refusal(400, "cannot find signatures with metadata for snap \"%s\"" % file_name)
            revision = "x1"
        if info["confinement"] == "classic" and fields.get("classic") != "true":
            raise Refusal(400, "snap \"%s\" requires classic confinement" % info["name"], "snap-needs-classic")
        present = STATE_NOW["snaps"].get(info["name"])
        if present and present["revision"] == revision:
            raise Refusal(400, 'snap "%s" is already installed' % info["name"], "snap-already-installed")
        info["size"] = len(data)
        infos.append(info)
        work.append({"do": "install", "name": info["name"], "snap": element(info, revision)})
    if not infos:
        raise Refusal(400, 'cannot find "snap" file field in provided multipart/form-data payload')
    if len(infos) > 1 and fields.get("transaction") not in ("all-snaps", "per-snap"):
        raise Refusal(400, "transaction needed for several snaps")
    names = [info["name"] for info in infos]
    return begin("install-snap", 'Install %s from files' % ", ".join('"%s" snap' % name for name in names), names, work, prerequisites(infos))


def act(name, request):
    action, present = request.get("action"), STATE_NOW["snaps"].get(name)
    if action == "install":
        if present:
            raise Refusal(400, 'snap "%s" is already installed' % name, "snap-already-installed")
        store = faults().get("store")
        if store is None:
            raise Refusal(400, 'unable to contact snap store')
        if name not in store:
            raise Refusal(404, 'snap not found', "snap-not-found")
        info = {"name": name, "version": "1", "type": "app", "base": None, "confinement": "strict"}
        work = [{"do": "install", "name": name, "snap": element(info, "7")}]
    elif not present:
        raise Refusal(400 if action != "refresh" else 404, 'snap "%s" is not installed' % name, "snap-not-installed")
    elif action == "remove":
        work = [{"do": "remove", "name": name}]
    elif action in ("enable", "disable", "revert", "refresh", "switch"):
        change = {"enable": {"status": "active"}, "disable": {"status": "installed"}, "revert": {"revision": "1"},
                  "switch": {"tracking-channel": request.get("channel", "")}}.get(action)
        if action == "refresh":
            raise Refusal(400, 'snap "%s" has no updates available' % name, "snap-no-update-available")
        work = [{"do": "set", "name": name, "set": change}]
    else:
        raise Refusal(400, 'unknown action %s' % action)
    return begin(action + "-snap", '%s "%s" snap' % (action.capitalize(), name), [name], work)


MODEL = """type: model
authority-id: canonical
series: 16
brand-id: acme
model: gateway-2
architecture: amd64
base: core22
timestamp: 2026-01-01T00:00:00+00:00
sign-key-sha3-384: x

AcLBUgQAAQoABgUCXk=
"""
SERIAL = MODEL.replace("type: model", "type: serial").replace("base: core22", "serial: 0001-test")


def greet(word):
    """Tells whoever waits for the file in READY that this serves now."""
    with open(os.environ["READY"] + ".new", "w") as file:
        file.write(word)
    os.replace(os.environ["READY"] + ".new", os.environ["READY"])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def client(self):
        return struct.unpack("3i", self.connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]

    def handle_all(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with LOCK:
            kill = faults().get("kill")
            if kill != SEEN["faults"]:
                SEEN["faults"], SEEN["count"] = kill, 0
            SEEN["count"] += 1
            STATE_NOW["requests"].append(self.command + " " + self.path)
            mine = bool(kill) and SEEN["count"] == kill["at"]
            if mine and kill["when"] == "before":
                os.kill(self.client(), signal.SIGKILL)
                self.close_connection = True
                return
            try:
                status, document = self.answer(body)
            except Refusal as refusal:
                result = {"message": refusal.message}
                if refusal.kind:
                    result["kind"] = refusal.kind
                status, document = refusal.status, {"type": "error", "status-code": refusal.status, "result": result}
            save()
            if mine:
                os.kill(self.client(), signal.SIGKILL)
                self.close_connection = True
                return
        text = document.encode() if isinstance(document, str) else json.dumps(document).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/x.ubuntu.assertion" if isinstance(document, str) else "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)
        except OSError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = handle_all

    def answer(self, body):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        parts = url.path.strip("/").split("/")[1:]
        sync = lambda result: (200, {"type": "sync", "status-code": 200, "status": "OK", "result": result})
        started = lambda change: (202, {"type": "async", "status-code": 202, "status": "Accepted", "result": None, "change": change})
        if self.command == "GET":
            if parts == ["snaps"]:
                snaps = list(STATE_NOW["snaps"].values())
                random.shuffle(snaps)
                return sync(snaps)
            if parts[0] == "snaps" and faults().get("huge"):
                return sync("x" * (17 << 20))
            if parts[0] == "snaps" and parts[1] in STATE_NOW["snaps"]:
                return sync(STATE_NOW["snaps"][parts[1]] if len(parts) == 2 else STATE_NOW.get("conf", {}).get(parts[1], {}))
            if parts[0] == "snaps":
                raise Refusal(404, "snap not installed", "snap-not-found")
            if parts == ["system-info"]:
                return sync({"series": "16", "version": "2.57.6", "architecture": "amd64", "os-release": {"id": "debian"}})
            if parts == ["changes"]:
                return sync([self.shown(c) for c in STATE_NOW["changes"].values() if query.get("select") == "all" or not c["ready"]])
            if parts[0] == "changes":
                change = STATE_NOW["changes"].get(parts[1])
                if change is None:
                    raise Refusal(404, 'cannot find change with id "%s"' % parts[1])
                proceed(change)
                if change["ready"] and faults().get("prune"):
                    del STATE_NOW["changes"][parts[1]]
                    raise Refusal(404, 'cannot find change with id "%s"' % parts[1])
                return sync(self.shown(change))
            if parts == ["model"]:
                return 200, MODEL
            if parts == ["model", "serial"]:
                return 200, SERIAL
            raise Refusal(404, "not found")
        if parts == ["assertions"]:
            for headers in headers_of(body.decode()):
                STATE_NOW["acks"] += 1
                if headers not in STATE_NOW["assertions"]:
                    STATE_NOW["assertions"].append(headers)
            return sync(None)
        if parts == ["snaps"] and self.headers["Content-Type"].startswith("multipart/form-data"):
            return started(sideload(*parse_form(body, self.headers["Content-Type"])))
        request = json.loads(body or b"{}")
        if parts == ["snaps"]:
            names = request.get("snaps") or sorted(STATE_NOW["snaps"])
            return started(begin("save-snapshot" if request["action"] == "snapshot" else request["action"], "Save data", names, []))
        if parts[0] == "snaps" and parts[-1] == "conf" and len(parts) == 3:
            if parts[1] not in STATE_NOW["snaps"]:
                raise Refusal(404, "snap not installed", "snap-not-found")
            STATE_NOW.setdefault("conf", {}).setdefault(parts[1], {}).update(request)
            return started(begin("configure-snap", 'Change configuration of "%s" snap' % parts[1], [parts[1]], []))
        if parts[0] == "snaps":
            return started(act(parts[1], request))
        if parts == ["apps"]:
            return started(begin("service-control", "Running service command", [n.split(".")[0] for n in request["names"]], []))
        raise Refusal(404, "not found")

    def shown(self, change):
        return {key: value for key, value in change.items() if key not in ("work", "error", "looks")}

    def address_string(self):
        return "unix"

    def log_message(self, *arguments):
        pass


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def get_request(self):
        request, _ = super().get_request()
        return request, ("unix", 0)


if os.path.exists(SOCKET):
    os.unlink(SOCKET)
server = Server(SOCKET, Handler)
greet("ready")
server.serve_forever()
