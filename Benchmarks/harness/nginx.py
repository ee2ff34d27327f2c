"""nginx as the yardstick: the same files, the same certificates, two workers, a process of its own on a free loopback port."""
import getpass
import os
import shutil
import socket
import time

from harness import proc

_CONFIGURATION = """
daemon off;
{user}
worker_processes 2;
worker_rlimit_nofile {files};
pid nginx.pid;
error_log error.log warn;
events {{ worker_connections 16384; }}
http {{
    access_log off;
    server_tokens off;
    default_type application/octet-stream;
    types {{ application/json json; }}
    sendfile on;
    tcp_nodelay on;
    open_file_cache max=10000 inactive=600s;
    open_file_cache_valid 600s;
    keepalive_timeout 3600s;
    keepalive_requests 1000000000;
    client_header_timeout 3600s;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {{
        listen 127.0.0.1:{port} ssl http2 backlog=4096;
        server_name localhost;
        ssl_protocols TLSv1.3;
        ssl_certificate {certs}/tls.crt;
        ssl_certificate_key {certs}/tls.key;
        ssl_client_certificate {certs}/cas.pem;
        ssl_verify_client on;
        location /repo/ {{ alias {update}/tuf/; }}
        location /ostree/ {{ alias {update}/ostree_repo/; }}
    }}
}}
"""


class Nginx:
    name = "nginx"

    def __init__(self, processes, binary, folder, datadir, update):
        self.processes = processes
        self.binary = binary
        self.prefix = os.path.join(folder, "nginx")
        self.certs = os.path.join(datadir, "certs")
        self.update = update
        self.master = None
        self.port = None

    @staticmethod
    def find():
        return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")

    def version(self):
        # nginx says its version on standard error.
        return self.processes.run(["sh", "-c", '"$1" -v 2>&1', "sh", self.binary]).strip().rpartition(" ")[2]

    def start(self):
        os.makedirs(self.prefix, exist_ok=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        configuration = os.path.join(self.prefix, "nginx.conf")
        # Workers of a master that runs as root would otherwise be a user who may not read the files.
        user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
        files = max(1024, os.sysconf("SC_OPEN_MAX"))
        with open(configuration, "w") as file:
            file.write(_CONFIGURATION.format(user=user, files=files, port=self.port, certs=self.certs, update=self.update))
        with open(os.path.join(self.prefix, "output.log"), "a") as log:
            self.master = self.processes.start(
                [self.binary, "-p", self.prefix, "-c", configuration, "-e", "error.log"], stdout=log, stderr=log)
        for _ in range(100):
            if self.master.poll() is not None:
                raise RuntimeError(f"nginx did not start; see error.log and output.log: {self._log()}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0 and len(self.pids()) == 2:
                    return
            time.sleep(0.05)
        raise RuntimeError("nginx does not listen after five seconds")

    def _log(self):
        with open(os.path.join(self.prefix, "output.log")) as file:
            return file.read()[-500:]

    def stop(self):
        if self.master:
            self.processes.stop(self.master)
            self.master = None

    def pids(self):
        """The workers; the master does no work."""
        return proc.children(self.master.pid)

    def forget_peak(self):
        proc.forget_peak(self.pids())

    def peak_kib(self):
        return proc.peak_resident_kib(self.pids())

    def memory_kib(self):
        return proc.proportional_kib(self.pids())
