# Receives webhooks: verifies each, drops doubles, prints a line for each change. Needs Python 3.9, no more.
# Start: PORT=5000 SECRET=whsec_… INTEGRATION=<uuid> python3 receiver.py
import base64, hmac, json, os, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = base64.b64decode(os.environ.get("SECRET", "").removeprefix("whsec_"))
INTEGRATION = os.environ.get("INTEGRATION", "").encode()
if not SECRET or not INTEGRATION:
    raise SystemExit("Set SECRET and INTEGRATION.")
BYTES_MAX, DONE_MAX = 16 * 1024 * 1024, 10_000
done = {}  # in earnest: a table with a unique key, written together with your work
one_at_a_time = threading.Lock()
mac = lambda key, text: hmac.digest(key, text, "sha256")
from_base64url = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

def handle(change, headers):
    """What a change means to you. If it raises, there is no answer and the change comes again."""
    number = "test" if "x-waggle-test" in headers else headers["x-waggle-sequence"]
    lead = change.get("lead", {}).get("id")
    print(f"{number} {change['event_id']} lead {lead}: {', '.join(change['changed_fields'])}", flush=True)

def verify_body(headers, body):
    """Standard Webhooks: over the bytes as they came, and no older than five minutes."""
    sent_at = headers.get("webhook-timestamp", "0")
    if abs(int(time.time()) - int(sent_at)) > 300:
        raise ValueError("too old")
    right = b"v1," + base64.b64encode(mac(SECRET, f"{headers['webhook-id']}.{sent_at}.".encode() + body))
    if not any(hmac.compare_digest(right, one.encode()) for one in headers.get("webhook-signature", "").split()):
        raise ValueError("wrong signature")

def verify_token(headers):
    """A JWT, HS256 and nothing else, its key the integration's uuid. (PyJWT does the same.)"""
    signed, _, signature = headers.get("authorization", "").removeprefix("Bearer ").rpartition(".")
    if not hmac.compare_digest(mac(INTEGRATION, signed.encode()), from_base64url(signature)):
        raise ValueError("wrong token")
    if json.loads(from_base64url(signed.partition(".")[2]))["exp"] < time.time():
        raise ValueError("token has run out")

def status_for(headers, body):
    try:
        verify_body(headers, body)
        verify_token(headers)
    except ValueError as error:
        print(f"refused: {error}", flush=True)
        return 401
    with one_at_a_time:
        if headers["webhook-id"] not in done:
            handle(json.loads(body), headers)
            done[headers["webhook-id"]] = True
        if len(done) > DONE_MAX:
            del done[next(iter(done))]
    return 204

class Receiver(BaseHTTPRequestHandler):
    timeout = 10  # seconds of silence
    def do_POST(self):
        length = self.headers.get("content-length", "")
        fine = length.isdecimal() and 0 < int(length) <= BYTES_MAX
        self.send_response_only(status_for(self.headers, self.rfile.read(int(length))) if fine else 400)
        self.end_headers()

ThreadingHTTPServer.request_queue_size = 64  # up to 16 messages come at once
server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "5000"))), Receiver)
print(f"listening on {server.server_port}", flush=True)
server.serve_forever()
