"""The server under measurement: its process, its operator's token, and the update that the devices are to get."""
import http.client
import json
import os
import re
import subprocess
import threading

from harness import proc
from harness.content import TAG, UPDATE_NAME

# A list of devices goes to the server in parts of this size, well below a megabyte.
_DEVICES_PER_REQUEST = 10_000
_START_SECONDS = 60


class OTAServe:
    name = "otaserve"

    def __init__(self, processes, binary, folder, datadir):
        self.processes = processes
        self.binary = binary
        self.folder = folder
        self.datadir = datadir
        self.process = None
        self.port = None
        self.admin_port = None
        self.token = None
        self.token_file = os.path.join(folder, "token")

    def command(self, *arguments):
        return self.processes.run([self.binary, "--datadir", self.datadir, *arguments])

    def version(self):
        try:
            return self.processes.run([self.binary, "--version"]).strip() or "unknown"
        except RuntimeError:
            return "unknown"

    def start(self):
        # The update is made of random bytes, the same for both servers, and no device could accept it.
        environment = os.environ | {"OTASERVE_SERVE": "any"}
        # Whoever starts the servers may have used their standard streams up: the log goes to a file, standard output is read.
        with open(os.path.join(self.folder, "otaserve.log"), "a") as log:
            self.process = self.processes.start(
                [self.binary, "--datadir", self.datadir, "serve", "--gateway-address", "127.0.0.1:0", "--admin-address", "127.0.0.1:0"],
                stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
        ready = threading.Event()
        ports = {}
        threading.Thread(target=self._read, args=(self.process.stdout, ports, ready), daemon=True).start()
        if not ready.wait(_START_SECONDS) or len(ports) < 2:
            raise RuntimeError("otaserve did not print its `gateway:` and `admin:` addresses; see otaserve.log in the work folder (--keep)")
        self.port, self.admin_port = ports["gateway"], ports["admin"]

    @staticmethod
    def _read(stream, ports, ready):
        """Reads standard output to its end, so that the server never waits for a reader."""
        for line in stream:
            match = re.match(r"(gateway|admin): https?://[^:/]+:(\d+)", line)
            if match:
                ports[match[1]] = int(match[2])
                if len(ports) == 2:
                    ready.set()
        ready.set()

    def stop(self):
        if self.process:
            self.processes.stop(self.process)
            self.process = None

    def pids(self):
        return [self.process.pid]

    def forget_peak(self):
        proc.forget_peak(self.pids())

    def peak_kib(self):
        return proc.peak_resident_kib(self.pids())

    def memory_kib(self):
        return proc.resident_kib(self.pids())

    def make_token(self):
        self.token = self.command("token", "create", "--scope", "admin", "--expires", "1d").strip()
        with open(os.open(self.token_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(self.token)

    def admin(self, method, path, body=None, timeout=300):
        connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=timeout)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        if not 200 <= response.status < 300:
            raise RuntimeError(f"{method} {path} was answered with {response.status}: {text[:500]}")
        return json.loads(text) if text.strip() else None

    def prepare_rollout(self, devices):
        """A rollout with its devices, not yet started; gives its id."""
        rollout = self.admin("POST", "/v1/rollouts", {"isProd": False, "tag": TAG, "updateName": UPDATE_NAME})["id"]
        for start in range(0, len(devices), _DEVICES_PER_REQUEST):
            self.admin("PUT", f"/v1/rollouts/{rollout}/devices", {"devices": devices[start:start + _DEVICES_PER_REQUEST]})
        return rollout

    def start_rollout(self, rollout):
        self.admin("PUT", f"/v1/rollouts/{rollout}/start?takeOver=true")
