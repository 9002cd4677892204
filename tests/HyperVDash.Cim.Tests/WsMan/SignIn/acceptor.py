"""WinRM's side of a sign-in, by other people's code: MIT Kerberos or gss-ntlmssp through python3-gssapi.

Opens and seals with separate header and data buffers, as Windows does, and forwards the envelope in clear to a server that knows nothing of this.
Prints its port, then one line of JSON for each thing that happens on a connection.
"""
import argparse, base64, hashlib, json, re, ssl, struct, sys, threading, urllib.error, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import gssapi
from gssapi.raw import IOV, IOVBuffer, IOVBufferType, accept_sec_context, unwrap_iov, wrap_iov
from gssapi.raw.chan_bindings import ChannelBindings

CHANNEL_BOUND = 2048  # GSS_C_CHANNEL_BOUND_FLAG

options = argparse.ArgumentParser()
options.add_argument("--forward", required=True)
options.add_argument("--basic", default="reader:geheim")
options.add_argument("--offer", default="Negotiate,Kerberos")
options.add_argument("--close-after", type=int, default=0, help="sealed answers a connection lives for")
options.add_argument("--close-signed-in", type=int, default=0, help="so many connections are closed as soon as they are signed in")
options.add_argument("--answer-in-clear", action="store_true")
options.add_argument("--spoil", action="store_true", help="changes one bit of each sealed answer")
options.add_argument("--no-final-token", action="store_true", help="does not prove who it is")
options.add_argument("--tls", default=None, help="PEM file with certificate and key")
options = options.parse_args()

counted = threading.Lock()
connections = 0
closed = 0


def say(**what):
    with counted:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        global connections
        with counted:
            connections += 1
            self.number = connections
        self.context, self.ready, self.mechanism, self.answers = None, False, None, 0
        super().setup()

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        authorization = self.headers.get("Authorization")
        if authorization:
            say(connection=self.number, event="token", scheme=authorization.split()[0], body=len(body))
            return self.handshake(*authorization.split())
        if not self.ready:
            say(connection=self.number, event="unknown", body=len(body), clear=b"Envelope" in body)
            return self.refuse()
        if options.tls:
            say(connection=self.number, event="envelope", length=len(body))
            return self.reply(*self.forward(body), self.headers["Content-Type"])
        self.sealed(body)

    def handshake(self, scheme, token):
        if scheme not in options.offer.split(","):
            return self.refuse()
        if self.ready:
            self.context, self.ready = None, False
        try:
            # The plain call tells everything at once; gss-ntlmssp breaks down when it is asked for single facts later.
            step = accept_sec_context(base64.b64decode(token), None, self.context, self.bindings())
        except gssapi.exceptions.GSSError as error:
            say(connection=self.number, event="refused", why=str(error))
            self.context = None
            return self.refuse(scheme, error.token)
        self.context, self.ready = step.context, not step.more_steps
        if not self.ready:
            return self.refuse(scheme, step.token)
        self.mechanism = "NTLM" if step.mech.dotted_form.startswith("1.3.6.1.4.1.311.2.2.10") else "Kerberos"
        bound = bool(int(step.flags) & CHANNEL_BOUND)
        if options.tls and not bound and self.mechanism == "Kerberos":
            say(connection=self.number, event="refused", why="no channel binding")
            self.context, self.ready = None, False
            return self.refuse()
        say(connection=self.number, event="signed-in", user=gssapi.raw.display_name(step.initiator_name, False).name.decode(), bound=bound)
        final = [("WWW-Authenticate", f"{scheme} {base64.b64encode(step.token).decode()}")] if step.token and not options.no_final_token else []
        global closed
        close = closed < options.close_signed_in
        closed += close
        self.reply(200, b"", None, *final)
        if close:
            say(connection=self.number, event="closed")
            self.close_connection = True

    def bindings(self):
        if not options.tls:
            return None
        with open(options.tls) as pem:
            certificate = ssl.PEM_cert_to_DER_cert(pem.read().split("-----BEGIN PRIVATE")[0])
        return ChannelBindings(application_data=b"tls-server-end-point:" + hashlib.sha256(certificate).digest())

    def sealed(self, body):
        match = re.match(
            rb"--Encrypted Boundary\r\n\tContent-Type: application/HTTP-(SPNEGO|Kerberos)-session-encrypted\r\n"
            rb"\tOriginalContent: type=application/soap\+xml;charset=UTF-8;Length=(\d+)\r\n"
            rb"--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n", body)
        if not match or match[1].decode() not in self.headers["Content-Type"]:
            say(connection=self.number, event="clear" if b"Envelope" in body else "garbage")
            return self.reply(500, b"", None)
        start = match.end()
        header, length = struct.unpack_from("<i", body, start)[0], int(match[2])
        start += 4
        data = body[start + header:start + header + length]
        assert body[start + header + length:] == b"--Encrypted Boundary--\r\n", "frame"
        kind = self.mechanism
        try:
            if kind == "NTLM":
                plain, isEncrypted, _ = gssapi.raw.unwrap(self.context, body[start:start + header] + data)
            else:
                iov = IOV(IOVBuffer(IOVBufferType.header, False, body[start:start + header]), IOVBuffer(IOVBufferType.data, False, data), std_layout=False)
                isEncrypted, plain = unwrap_iov(self.context, iov).encrypted, iov[1].value
        except gssapi.exceptions.GSSError as error:
            say(connection=self.number, event="unreadable", why=str(error))
            return self.refuse()
        say(connection=self.number, event="envelope", length=len(plain), header=header, encrypted=bool(isEncrypted), mechanism=kind,
            rotation=struct.unpack_from(">H", body, start + 6)[0] if kind == "Kerberos" else 0)
        status, answer = self.forward(plain)
        if options.answer_in_clear:
            return self.reply(status, answer, "application/soap+xml;charset=UTF-8")
        self.answers += 1
        # Written before the answer, so that the client cannot take the connection for alive.
        close = self.answers == options.close_after
        self.reply(status, self.seal(answer, match[1].decode(), kind), self.headers["Content-Type"])
        if close:
            say(connection=self.number, event="closed")
            self.close_connection = True

    def seal(self, plain, protocol, kind):
        if kind == "NTLM":
            token = gssapi.raw.wrap(self.context, plain, confidential=True).message
            header, data = token[:16], token[16:]
        else:
            iov = IOV(IOVBufferType.header, plain, std_layout=False)
            wrap_iov(self.context, iov, confidential=True)
            header, data = iov[0].value, iov[1].value
        if options.spoil:
            data = bytes([data[0] ^ 1]) + data[1:]
        return (b"--Encrypted Boundary\r\n\tContent-Type: application/HTTP-%s-session-encrypted\r\n"
                b"\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=%d\r\n"
                b"--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n%s%s%s--Encrypted Boundary--\r\n"
                % (protocol.encode(), len(plain), struct.pack("<i", len(header)), header, data))

    def forward(self, envelope):
        request = urllib.request.Request(options.forward, envelope, {
            "Content-Type": "application/soap+xml;charset=UTF-8",
            "Authorization": "Basic " + base64.b64encode(options.basic.encode()).decode()})
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def refuse(self, scheme=None, token=None):
        offers = [(f"{s} {base64.b64encode(token).decode()}" if token and s == scheme else s) for s in options.offer.split(",")]
        self.reply(401, b"", None, *(("WWW-Authenticate", offer) for offer in offers))

    def reply(self, status, body, kind, *headers):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, address):
        say(event="error", why=repr(sys.exc_info()[1]))


server = Server(("127.0.0.1", 0), Handler)
if options.tls:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(options.tls)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
server.serve_forever()
