"""Certificates: by the server's own commands, or by openssl when nginx is measured alone. The files have the same names either way."""
import os
import uuid

FACTORY = "bench"


def make_with_otaserve(processes, otaserve, datadir, identities, devices):
    processes.run([otaserve, "--datadir", datadir, "pki", "init", "--dnsname", "localhost", "--factory", FACTORY])
    for _ in range(devices):
        name = str(uuid.uuid4())
        folder = os.path.join(identities, name)
        os.makedirs(folder)
        processes.run([otaserve, "--datadir", datadir, "pki", "issue-device", "--uuid", name, "--out", folder])


def make_with_openssl(processes, datadir, identities, devices):
    certs = os.path.join(datadir, "certs")
    os.makedirs(certs, mode=0o700)
    os.makedirs(identities, exist_ok=True)

    def path(name):
        return os.path.join(certs, name)

    _authority(processes, path("root.key"), path("root.crt"), "/CN=bench root")
    _authority(processes, path("device-ca.key"), path("device-ca.crt"), "/CN=bench devices")
    _issue(processes, path("root"), path("tls.key"), path("tls.crt"), "/CN=localhost", "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n")
    with open(path("cas.pem"), "w") as cas, open(path("device-ca.crt")) as authority:
        cas.write(authority.read())
    for _ in range(devices):
        name = str(uuid.uuid4())
        folder = os.path.join(identities, name)
        os.makedirs(folder)
        _issue(
            processes, path("device-ca"), os.path.join(folder, "pkey.pem"), os.path.join(folder, "client.pem"),
            f"/OU={FACTORY}/CN={name}", "extendedKeyUsage=clientAuth\n",
        )


def _authority(processes, key, certificate, subject):
    processes.run([
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-sha256", "-days", "30",
        "-subj", subject, "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", key, "-out", certificate,
    ])


def _issue(processes, authority, key, certificate, subject, extensions):
    request = certificate + ".csr"
    processes.run([
        "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject,
        "-keyout", key, "-out", request,
    ])
    with open(certificate + ".ext", "w") as file:
        file.write("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n" + extensions)
    processes.run([
        "openssl", "x509", "-req", "-in", request, "-CA", authority + ".crt", "-CAkey", authority + ".key", "-sha256", "-days", "30",
        "-extfile", certificate + ".ext", "-out", certificate,
    ])
    os.remove(request)
    os.remove(certificate + ".ext")
