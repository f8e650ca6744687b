"""Runs the walk of this folder in Godot's web runtime, under Chromium: web.py PROJECT RUNTIME ARGUMENT...

Debian has no Godot 4, and no registry of packages has its programs. An npm package brings its runtime for browsers, which runs
the same scripts. It prints what the project prints.
"""

import functools
import hashlib
import http.server
import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import threading

LIMIT_SECS = 120
PAGE = """<canvas id="canvas"></canvas><script src="index.js"></script><script>
const print = (kind) => (...texts) => console.log(kind + JSON.stringify(texts.join(" ")));
new Engine({ args: ARGUMENTS, executable: "index", canvasResizePolicy: 0, gdextensionLibs: [] }).startGame({
  canvas: document.getElementById("canvas"),
  onPrint: print("out"),
  onPrintError: print("err"),
  onExit: print("end"),
});
</script>"""


def package(files):
    """The files of a project in Godot's format for exported ones (PCK, version 2)."""
    directory, contents = b"", b""
    for name, content in files.items():
        path = f"res://{name}".encode()
        path += bytes(-len(path) % 4)
        directory += struct.pack("<I", len(path)) + path + struct.pack("<QQ", len(contents), len(content))
        directory += hashlib.md5(content).digest() + bytes(4)
        contents += content + bytes(-len(content) % 16)
    header_size = 100
    header = struct.pack("<4s5IQ64xI", b"GDPC", 2, 4, 0, 0, 0, header_size + len(directory), len(files))
    return header + directory + contents


def project_files(project):
    """The project's files, and the list of its classes that the editor would make."""
    files = {}
    classes = []
    for path in sorted(project.rglob("*")):
        if path.suffix not in (".gd", ".tscn", ".godot"):
            continue
        name = str(path.relative_to(project))
        text = path.read_text()
        # Browsers refuse a GET with a body, and the client sends `null` where there is none.
        text = text.replace(
            "= JSON.stringify(body_normalized)", '= "" if body == null else JSON.stringify(body_normalized)'
        )
        files[name] = text.encode()
        names = re.search(r"^extends (\w+)\nclass_name (\w+)", text, re.MULTILINE)
        if names:
            entry = {"base": names[1], "class": names[2], "icon": "", "language": "GDScript", "path": f"res://{name}"}
            classes.append(entry | {"is_abstract": False, "is_tool": False})
    files[".godot/global_script_class_cache.cfg"] = f"list={json.dumps(classes)}\n".encode()
    return files


def main():
    project, runtime = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="cairn-godot.", ignore_cleanup_errors=True) as folder:
        site = pathlib.Path(folder) / "site"
        site.mkdir()
        for file in runtime.glob("index.*"):
            shutil.copy(file, site)
        (site / "index.pck").write_bytes(package(project_files(project)))
        arguments = json.dumps(["--headless", "--", *sys.argv[3:]])
        (site / "index.html").write_text(PAGE.replace("ARGUMENTS", arguments))

        class Site(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Site, directory=site))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = ["chromium", "--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-sync"]
        browser += ["--disable-background-networking", "--disable-component-update", "--enable-logging=stderr"]
        browser += ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", f"--user-data-dir={folder}/profile"]
        browser = subprocess.Popen(
            [*browser, f"http://127.0.0.1:{server.server_port}/"], stderr=subprocess.PIPE, text=True, errors="replace"
        )
        limit = threading.Timer(LIMIT_SECS, browser.kill)
        limit.start()
        ended = False
        for line in browser.stderr:
            printed = re.search(r'CONSOLE[^ ]* "(out|err|end)("[^\n]*")", source: ', line)
            if printed and printed[1] == "end":
                ended = True
                break
            if printed:
                print(json.loads(printed[2]), file=sys.stdout if printed[1] == "out" else sys.stderr, flush=True)
        limit.cancel()
        browser.kill()
        browser.wait()
    sys.exit(0 if ended else f"web.py: the walk did not end in {LIMIT_SECS} seconds")


if __name__ == "__main__":
    main()
