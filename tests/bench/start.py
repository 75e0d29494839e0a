#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time from exec to the first painted frame under Xvfb, against a blank Chromium window. Budget: >= 4.
Chromium tells its first frame by a request from requestAnimationFrame."""
import http.server
import os
import shutil
import subprocess
import tempfile
import threading
import time

import common

painted = threading.Event()
PAGE = b"<!doctype html><title>b</title><script>requestAnimationFrame(()=>requestAnimationFrame(()=>fetch('/painted')))</script>"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/painted":
            painted.set()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE if self.path == "/" else b"")

    def log_message(self, *_):
        pass


def chromium(port, environment):
    painted.clear()
    profile = tempfile.mkdtemp(prefix="phb-chromium-")
    started = time.monotonic()
    browser = subprocess.Popen(
        ["chromium", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", f"--user-data-dir={profile}", f"--app=http://127.0.0.1:{port}/"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    if not painted.wait(30):
        raise SystemExit("chromium did not paint")
    spent = time.monotonic() - started
    os.killpg(browser.pid, 9)
    browser.wait()
    shutil.rmtree(profile, ignore_errors=True)
    return spent


def ours(environment):
    started = time.monotonic()
    console = subprocess.Popen([common.BUILD / "app" / "pilothouse", "--quit-after-paint"],
                               env=dict(environment, PILOTHOUSE_TRACE_START="1"), stderr=subprocess.PIPE)
    for line in console.stderr:
        if line.startswith(b"first paint"):
            break
    else:
        raise SystemExit("the console did not paint")
    spent = time.monotonic() - started
    console.stderr.read()
    if console.wait() != 0:
        raise SystemExit("the console failed")
    return spent


with common.Home(ssh=False) as home:
    display = f":{90 + os.getpid() % 400}"
    xvfb = subprocess.Popen(["Xvfb", display, "-screen", "0", "1600x1000x24"], stderr=subprocess.DEVNULL)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        time.sleep(1)
        environment = dict(home.environment, DISPLAY=display, QT_QPA_PLATFORM="xcb")
        ours(environment)
        chromium(server.server_port, environment)
        pairs = []
        for _ in range(5):
            pair = chromium(server.server_port, environment), ours(environment)
            print(f"ours {pair[1] * 1e3:.0f} ms (exec to the first painted frame), chromium {pair[0] * 1e3:.0f} ms")
            pairs.append(pair)
        common.ratio(pairs)
    finally:
        xvfb.terminate()
        server.shutdown()
