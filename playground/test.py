"""Draws with the playground in headless Chromium and compares it with native programs.

    sh cmake/playground.sh test

Compiled here and run: the very programs that the page shows, and one with every method and every grid. The initial
noise must have the same bits; the pixels may differ by what the arithmetic of a matrix product allows.
"""

import array
import base64
import hashlib
import http.server
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
SITE = ROOT / "build/docs"
WORK = ROOT / "build/playground/test"
MOST_BYTES = 3_000_000
MOST_MILLISECONDS = 1000
TOLERANCE = 1e-4  # of pixels from -1 to 1, or of the largest value if that is larger


class Handler(http.server.SimpleHTTPRequestHandler):
    loaded = {}
    result = None
    arrived = threading.Event()

    def __init__(self, *arguments):
        super().__init__(*arguments, directory=SITE)

    def translate_path(self, path):
        return str(ROOT / "playground/test.html") if path == "/test.html" else super().translate_path(path)

    def do_GET(self):
        path = pathlib.Path(self.translate_path(self.path))
        if self.path.startswith("/playground/") and path.is_file():
            Handler.loaded[path.name] = path.stat().st_size
        super().do_GET()

    def do_POST(self):
        Handler.result = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()
        Handler.arrived.set()

    def log_message(self, *_):
        pass


def draw_in_chromium():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    profile = tempfile.mkdtemp()
    command = ["chromium", "--headless", "--disable-gpu", f"--user-data-dir={profile}", "--remote-debugging-port=0"]
    if os.geteuid() == 0:
        command.append("--no-sandbox")
    with open(WORK / "chromium.log", "w") as log:
        address = f"http://127.0.0.1:{server.server_port}/test.html"
        browser = subprocess.Popen(command + [address], stdout=log, stderr=log)
        arrived = Handler.arrived.wait(300)
        browser.terminate()
        browser.wait()
    shutil.rmtree(profile, ignore_errors=True)
    server.shutdown()
    if not arrived:
        sys.exit(f"Chromium did not answer within 300 s, see {WORK}/chromium.log")
    return Handler.result


def compile_native(name, text):
    includes = ["-Iinclude", "-Iexamples", "-isystem", "/usr/include/eigen3", "-isystem", "/usr/include/stb"]
    flags = ["-std=c++20", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
    objects = []
    for part in ("fashion_network", "digits_network", "safetensors", "image", "stb_image_write"):
        source, target = ROOT / f"examples/common/{part}.cpp", WORK / f"{part}.o"
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            subprocess.run(["c++", *flags, *includes, "-c", source, "-o", target], cwd=ROOT, check=True)
        objects.append(target)
    source = WORK / f"{name}.cpp"
    source.write_text(text)
    subprocess.run(["c++", *flags, *includes, source, *objects, "-o", WORK / name], cwd=ROOT, check=True)


def run_native(name):
    """What it leaves in the file `values`, as floats. Its folder is not the root, as it also leaves a picture."""
    folder = WORK / "run"
    (folder / "examples").mkdir(parents=True, exist_ok=True)
    if not (folder / "examples/data").exists():
        (folder / "examples/data").symlink_to(ROOT / "examples/data")
    subprocess.run([WORK / name], cwd=folder, check=True)
    return floats((folder / "values").read_bytes())


def floats(data):
    values = array.array("f")
    values.frombytes(data)
    return values


def with_dumps(program):
    """The program that the page shows, with two more lines: its noise, then its end, go to the file `values`."""
    write = "  file.write(reinterpret_cast<const char*>(x.data()), 4 * x.size());\n"
    for anchor, text in (
        ("#include <vector>\n", "#include <fstream>\n"),
        ("  sampler.init(x, random);\n", '  std::ofstream file("values", std::ios::binary);\n' + write),
        ("  x = sampler(x, random);\n", write),
    ):
        assert program.count(anchor) == 1, f"the page's program has no line {anchor}"
        program = program.replace(anchor, anchor + text)
    return program


def program_of_all(result):
    """Two digits by every method, then on every grid, as test.html asks the worker for them."""
    text = """#include "common/digits_network.hpp"
#include <azula/azula.hpp>
#include <azula/method/any_method.hpp>
#include <fstream>
#include <functional>
#include <vector>

int main() {
  const azula::VPSchedule schedule;
  const examples::DigitsNetwork network("examples/data/digits.safetensors");
  std::ofstream file("values", std::ios::binary);
  const auto draw = [&](const azula::AnyMethod& method, const std::vector<double>& the_times) {
    const azula::Sampler sampler(azula::KarrasDenoiser(std::ref(network), schedule), method, the_times);
    azula::NormalSource random(5);
    Eigen::ArrayXXf x(64, 2);
    sampler.init(x, random);
    x = sampler(x, random);
    file.write(reinterpret_cast<const char*>(x.data()), 4 * x.size());
  };
"""
    grid = next(g for g in result["grids"] if "log_snr_times" in g["spelled"])["spelled"]
    text += f"  {grid}\n"
    for method in result["methods"]:
        text += f"  draw({method['spelled']}, times);\n"
    for grid in result["grids"]:
        others = grid["spelled"].replace("times = ", "others = ")
        text += f"  {{\n    {others}\n    draw(azula::xEAB<2>{{}}, others);\n  }}\n"
    return text + "}\n"


failures = []


def expect(condition, sentence):
    print(("ok    " if condition else "WRONG ") + sentence)
    if not condition:
        failures.append(sentence)


def difference(a, b):
    """The largest, of the largest value or of 1."""
    assert len(a) == len(b), f"{len(a)} values against {len(b)}"
    if not all(map(math.isfinite, a)) or not all(map(math.isfinite, b)):
        return math.inf
    return max(abs(x - y) for x, y in zip(a, b)) / max(1.0, max(map(abs, b)))


def greys(values):
    return bytes(round(min(max((v + 1) * 127.5, 0), 255)) for v in values)


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]


def compare_program(name, drawn):
    expect(drawn["state"] == "compared", f"{name}: the page is done, and says {drawn['message']!r}")
    compile_native(name, with_dumps(drawn["program"]))
    native = run_native(name)
    half = len(native) // 2
    noise, end = base64.b64decode(drawn["noise"]), floats(base64.b64decode(drawn["end"]))
    same = digest(noise) == digest(native[:half].tobytes())
    expect(same, f"{name}: the noise has the digest {digest(noise)} of the page's program")
    far = difference(end, native[half:])
    expect(far < TOLERANCE, f"{name}: the pixels are its, the farthest {far:.1e} off")
    mine, its = greys(end), greys(native[half:])
    off = [abs(x - y) for x, y in zip(mine, its)]
    count = f"{sum(map(bool, off))} of {len(off)} one grey level off"
    expect(max(off) <= 1, f"{name}: as bytes {digest(mine)} and {digest(its)}, {count}")


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    load, cores = os.getloadavg()[0], os.cpu_count()
    result = draw_in_chromium()
    if "failed" in result:
        sys.exit(f"in the page: {result['failed']}")
    bytes_loaded = sum(Handler.loaded.values())
    expect(bytes_loaded <= MOST_BYTES, f"{bytes_loaded} bytes are loaded for both networks, at most {MOST_BYTES}")
    expect({"fashion.safetensors", "digits.safetensors", "azula.wasm"} <= set(Handler.loaded), "they were loaded")
    expect(result["width"] <= 390, f"a page of 390 pixels has {result['width']}")
    expect(result["lit"], "there is something white in the first picture")
    one = min(result["one"], key=lambda drawn: drawn["whole"])
    times = f"one image of clothes takes {one['whole']:.0f} ms, {one['spent']:.0f} of them in WebAssembly (best of ten)"
    if load > cores:  # the time is that of what else runs here
        print(f"      {times}; not judged, as {load:.1f} programs wanted {cores} cores before it began")
    else:
        expect(one["whole"] <= MOST_MILLISECONDS, times)
    for name in ("clothes", "plain", "digits"):
        compare_program(name, result[name])
    for name, steps in (("clothes", 8), ("digits", 10)):
        frames, dots = result[name]["flowFrames"], result[name]["dots"]
        expect((frames, dots) == (steps + 1, steps),
               f"{name}: the exact flow has {frames} frames and the chart {dots} dots, for {steps} steps")
    error = float(result["clothes"]["rows"][0][2])
    expect(0 < error < 0.2, f"the table shows the error of the clothes, {error}")
    expect(result["plain"]["rows"][0][2] == "draws noise", "and of DDPM that it draws noise")
    starts = "azula::AnyMethod: a method must be one of DDPM, ", "azula::log_snr_times: steps must be"
    for refused, start in zip(result["refused"], starts):
        sentence = refused.get("error", "")
        expect(sentence.startswith(start), f"an error is the library's: {sentence[:90]}")

    compile_native("all", program_of_all(result))
    native = run_native("all")
    runs = result["methods"] + result["grids"]
    there = f"{len(result['methods'])} methods and {len(result['grids'])} grids are there"
    expect(len(native) == 128 * len(runs), there)
    worst = (0, "")
    for i, drawn in enumerate(runs):
        if "error" in drawn:
            expect(False, f"{drawn['spelled']}: {drawn['error']}")
            continue
        far = difference(floats(base64.b64decode(drawn["end"])), native[128 * i:128 * (i + 1)])
        worst = max(worst, (far, drawn["spelled"]))
        if not far < TOLERANCE:
            expect(False, f"{drawn['spelled']}: {far:.1e} off the native run")
    expect(worst[0] < TOLERANCE, f"each ends where the native run does: the farthest {worst[0]:.1e} off, {worst[1]}")
    sys.exit(f"{len(failures)} of these are wrong" if failures else 0)


if __name__ == "__main__":
    main()
