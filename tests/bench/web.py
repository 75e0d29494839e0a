#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""64 curves of 3,600 points at 1600x900: CPU a frame of our chart, everything drawn anew from the store, against uPlot in
headless Chromium (its whole process tree), which gets its data one sample further in each frame. Budget: >= 5."""
import http.server
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import time

import chart
import common

PEER = pathlib.Path(common.run([common.TOP / "installers" / "fetch-bench-peers"]).strip())
PAGE = """<!doctype html><meta charset=utf-8><style>%s body{margin:0;background:#1A2028}</style><div id=c></div>
<script>%s</script><script>
const curves = 64, points = 3600, extra = 3600;
const colors = ["#4C9AFF","#F2A93B","#3FB68B","#E56BA8","#9D8CFF","#C9D14A","#E5734B","#6FC6E8"];
const xs = Float64Array.from({length: points + extra}, (_, i) => 1700000000 + i);
const ys = Array.from({length: curves}, () => {
  let v = 50;
  return Float64Array.from({length: points + extra}, () => {
    v += Math.random() * 2 - 1; v = v < 0 ? -v : v > 100 ? 200 - v : v; return v; });
});
const axis = {stroke: "#A9B3C0", grid: {stroke: "#2A333E", width: 1}};
const series = [{}].concat(ys.map((_, i) => ({stroke: colors[i %% 8], width: 1, points: {show: false}})));
const part = at => [xs.subarray(at, at + points)].concat(ys.map(y => y.subarray(at, at + points)));
let frames = 0, drawn = 0;
const plot = new uPlot({width: 1600, height: 900, legend: {show: false}, cursor: {show: false}, series, axes: [axis, axis],
  scales: {y: {range: [0, 100]}}, hooks: {draw: [() => ++drawn]}}, part(0), document.getElementById("c"));
function frame() { ++frames; plot.setData(part(frames %% extra)); requestAnimationFrame(frame); }
requestAnimationFrame(frame);
setInterval(() => fetch("/drawn?" + drawn), 250);
</script>"""


class Handler(http.server.BaseHTTPRequestHandler):
    drawn = 0
    news = threading.Event()

    def do_GET(self):
        if self.path.startswith("/drawn?"):
            Handler.drawn = int(self.path.split("?")[1])
            Handler.news.set()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        if self.path == "/":
            style, script = ((PEER / "dist" / name).read_text() for name in ("uPlot.min.css", "uPlot.iife.min.js"))
            self.wfile.write((PAGE % (style, script)).encode())

    def log_message(self, *_):
        pass


def tree(root):
    """The living processes below and with `root`."""
    parents = {}
    for process in pathlib.Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                parents[int(process.name)] = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                pass
    found, grown = {root}, True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return found


def reading(browser):
    Handler.news.clear()
    if not Handler.news.wait(30):
        raise SystemExit("chromium draws nothing")
    spent = 0.0
    for pid in tree(browser.pid):
        try:
            spent += common.cpu_seconds(pid)
        except FileNotFoundError:
            pass
    return Handler.drawn, spent


def uplot(port, seconds=5):
    """Milliseconds of CPU a frame."""
    Handler.drawn = 0
    profile = tempfile.mkdtemp(prefix="phb-chromium-")
    browser = subprocess.Popen(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--window-size=1600,900", f"--user-data-dir={profile}",
         f"http://127.0.0.1:{port}/"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        while Handler.drawn < 20:  # warm
            reading(browser)
        frames, spent = reading(browser)
        time.sleep(seconds)
        later, all_spent = reading(browser)
        return (all_spent - spent) / (later - frames) * 1e3, later - frames
    finally:
        os.killpg(browser.pid, 9)
        browser.wait()
        shutil.rmtree(profile, ignore_errors=True)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
pairs = []
for _ in range(5):
    peer, drawn = uplot(server.server_port)
    own = chart.frame("ours", 64, 3600)["cpu_ms"]
    live = chart.frame("live", 64, 3600)["cpu_ms"]
    print(f"ours {own:.2f} ms CPU a frame ({live:.2f} live), uPlot {peer:.1f} ms over {drawn} frames", flush=True)
    pairs.append((peer, own))
common.ratio(pairs)
server.shutdown()
