"""A collector for tests: decodes what it is sent by the official definitions, notes it in a file before it answers, and answers as it is told.

Arguments: the port (0 for any, which is printed), the file of notes, and the file of orders, which may be missing. A note is a line of JSON:
{signal, encoding, bytes, request, headers}, the request decoded. The orders are JSON: {early, status, retry_after, rejected, words, drop}, of which
`early` is a status before anything is noted; with `chaos` between 0 and 1, that share of the requests is answered in one of these ways by chance.

`decode` instead of the port decodes what stands on lines of standard input, {signal, encoding, body (base64)}.
"""

import base64
import gzip
import json
import os
import random
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google.protobuf import json_format
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2 as logs
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as traces

SIGNALS = {
    "/v1/logs": ("logs", logs.ExportLogsServiceRequest, logs.ExportLogsServiceResponse, "rejected_log_records"),
    "/v1/traces": ("traces", traces.ExportTraceServiceRequest, traces.ExportTraceServiceResponse, "rejected_spans"),
    "/v1/metrics": ("metrics", metrics.ExportMetricsServiceRequest, metrics.ExportMetricsServiceResponse, "rejected_data_points"),
}
IDS = {"traceId", "spanId", "parentSpanId"}


def ids(value, convert):
    """Ids are hexadecimal in OTLP's JSON and base64 in that of protobuf."""
    if isinstance(value, list):
        return [ids(each, convert) for each in value]
    if isinstance(value, dict):
        return {key: convert(each) if key in IDS else ids(each, convert) for key, each in value.items()}
    return value


def to_base64(text):
    return base64.b64encode(bytes.fromhex(text)).decode()


def to_hex(text):
    return base64.b64decode(text).hex()


def decode(kind, encoding, body):
    if encoding == "json":
        message = json_format.Parse(json.dumps(ids(json.loads(body), to_base64)), kind())
    else:
        message = kind.FromString(body)
    return ids(json_format.MessageToDict(message, use_integers_for_enums=True), to_hex)


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without this a small answer waits for the other side's acknowledgement.
    disable_nagle_algorithm = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            with open(ORDERS) as file:
                orders = json.load(file)
        except (OSError, ValueError):
            orders = {}
        if CHANCE.random() < orders.get("chaos", 0):
            orders = {**orders, **CHANCE.choice(ODD)}
        if "early" in orders:
            return self.answer(orders["early"], b"", orders)
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        signal, kind, answer, rejected = SIGNALS[self.path]
        encoding = "json" if "json" in self.headers["content-type"] else "protobuf"
        note = {"signal": signal, "encoding": encoding, "bytes": len(body), "request": decode(kind, encoding, body)}
        note["headers"] = {key.lower(): value for key, value in self.headers.items()}
        # An append of one write is whole.
        os.write(NOTES, json.dumps(note).encode() + b"\n")
        if orders.get("drop"):
            self.close_connection = True
            return None
        response = answer()
        if orders.get("rejected"):
            setattr(response.partial_success, rejected, orders["rejected"])
            response.partial_success.error_message = orders.get("words", "")
        text = json_format.MessageToJson(response).encode() if encoding == "json" else response.SerializeToString()
        return self.answer(orders.get("status", 200), text, orders)

    def answer(self, status, body, orders):
        self.send_response(status)
        self.send_header("content-type", self.headers["content-type"])
        self.send_header("content-length", str(len(body)))
        if "retry_after" in orders:
            self.send_header("retry-after", str(orders["retry_after"]))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


ODD = [{"early": 503}, {"early": 429, "retry_after": 0}, {"early": 502}, {"drop": True}, {"status": 504}]

if __name__ == "__main__":
    if sys.argv[1] == "decode":
        for line in sys.stdin:
            asked = json.loads(line)
            kind = SIGNALS[f"/v1/{asked['signal']}"][1]
            print(json.dumps(decode(kind, asked["encoding"], base64.b64decode(asked["body"]))))
    else:
        NOTES = os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        ORDERS = sys.argv[3]
        CHANCE = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 0)
        server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver)
        server.daemon_threads = True
        print(server.server_address[1], flush=True)
        server.serve_forever()
