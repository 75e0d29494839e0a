#SPDX - FileCopyrightText : 2026 The Pilothouse developers
#SPDX - License - Identifier : GPL - 3.0 - or -later
"""A private victoria-metrics and our program beside it."""
import contextlib
import http.client
import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.parse

import common

OURS = common.BUILD / "app" / "pilothouse_storebench"


def lines(*arguments):
    """The bodies that `pilothouse_storebench lines` writes."""
    with subprocess.Popen([OURS, "lines", *map(str, arguments)], stdout=subprocess.PIPE) as process:
        while head := process.stdout.readline():
            yield process.stdout.read(int(head))
        if process.wait() != 0:
            raise SystemExit("lines failed")


class Victoria:
    def __init__(self, scrape=None):
        """`scrape`: the text of a promscrape configuration; none = it scrapes nothing."""
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="phb-vm-"))
        self.port = common.free_port()
        more = []
        if scrape is not None:
            (self.folder / "scrape.yml").write_text(scrape)
            more = [f"-promscrape.config={self.folder / 'scrape.yml'}"]
        self.process = subprocess.Popen(
            ["victoria-metrics", f"-storageDataPath={self.folder}", "-retentionPeriod=100y",
             f"-httpListenAddr=127.0.0.1:{self.port}", "-loggerLevel=ERROR", "-search.latencyOffset=0s", *more],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with contextlib.suppress(OSError):
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                self.connection.request("GET", "/health")
                self.connection.getresponse().read()
                return
            time.sleep(0.05)
        raise SystemExit("victoria-metrics did not start")

    def call(self, path, body=None, **arguments):
        query = "?" + urllib.parse.urlencode(arguments) if arguments else ""
        self.connection.request("POST" if body is not None else "GET", path + query, body)
        reply = self.connection.getresponse()
        content = reply.read()
        if reply.status >= 300:
            raise SystemExit(f"{path}: {reply.status} {content[:300]}")
        return content

    def load(self, bodies):
        for body in bodies:
            self.call("/api/v1/import", body)
        self.call("/internal/force_flush")

    def cpu(self):
        return common.cpu_seconds(self.process.pid)

    def merge(self):
        """All in one part a month, as its own background merge leaves it in the end."""
        self.call("/internal/force_merge")
        for _ in range(600):
            time.sleep(0.2)
            metrics = self.call("/metrics").decode()
            active = sum(float(line.split()[-1]) for line in metrics.splitlines()
                         if line.startswith("vm_active_merges{"))
            if active == 0:
                return
        raise SystemExit("victoria-metrics merges forever")

    def data_bytes(self):
        """Its data without its index."""
        return sum(file.stat().st_size for file in (self.folder / "data").rglob("*") if file.is_file())

    def ask(self, path, **arguments):
        started = time.perf_counter()
        content = self.call(path, **arguments)
        spent = time.perf_counter() - started
        return spent, json.loads(content)["data"]["result"]

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
