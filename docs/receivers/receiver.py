# Receives webhooks and verifies them. Needs Python 3.9 or newer, and nothing else.
# Start: PORT=5000 SECRET=whsec_… INTEGRATION=<uuid> python3 receiver.py
import base64, hashlib, hmac, json, os, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = int(os.environ.get("PORT", "5000"))
SECRET = base64.b64decode(os.environ["SECRET"].removeprefix("whsec_"))
INTEGRATION = os.environ["INTEGRATION"].encode()
seen = {}  # in earnest: a table with a unique key


def mac(key, text):
    return hmac.new(key, text, hashlib.sha256).digest()


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verify_body(headers, body):
    """Standard Webhooks: over the exact bytes, and no older than five minutes."""
    name, at = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(at)) > 300:
        raise ValueError("too old")
    right = "v1," + base64.b64encode(mac(SECRET, f"{name}.{at}.".encode() + body)).decode()
    if not any(hmac.compare_digest(right, one) for one in headers["webhook-signature"].split()):
        raise ValueError("wrong signature")


def verify_token(headers):
    """A JWT, HS256, its key the integration's uuid. (PyJWT does the same.)"""
    head, claims, signature = headers["authorization"].removeprefix("Bearer ").split(".")
    if json.loads(from_base64url(head))["alg"] != "HS256":
        raise ValueError("wrong algorithm")
    if not hmac.compare_digest(mac(INTEGRATION, f"{head}.{claims}".encode()), from_base64url(signature)):
        raise ValueError("wrong token")
    if json.loads(from_base64url(claims))["exp"] < time.time():
        raise ValueError("token has run out")


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        try:
            verify_body(self.headers, body)
            verify_token(self.headers)
        except Exception as error:
            print(f"refused: {error}", flush=True)
            return self.answer(401)
        name = self.headers["webhook-id"]
        if name not in seen:
            told = json.loads(body)
            number = self.headers.get("x-waggle-sequence", "test")
            members = ", ".join(told["changed_fields"])
            print(f"{number} {told['event_id']} lead {told['lead']['id']}: {members}", flush=True)
            seen[name] = True
            if len(seen) > 10_000:
                del seen[next(iter(seen))]
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        pass


print(f"listening on {PORT}", flush=True)
ThreadingHTTPServer(("127.0.0.1", PORT), Receiver).serve_forever()
