#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Executes the manual: every command, scenario and query in README.md and doc/*.md.

    test/manual.py PROGRAM [--pages NAME...]

PROGRAM is a built iot-fleet. Each page gets a folder of its own, in which its blocks run in order:

    ```sh                               is run by bash and must succeed, "iot-fleet" being PROGRAM
    ```json after <!-- scenario: F -->  is written to file F and must be valid
    ```sql                              must be answered by the page's newest database, if need be of class-b-vs-c
    ```text                             must be what the block before printed; a line "..." stands
                                        for any lines, a "..." within a line for any text
    ```cpp after <!-- from F -->        must stand in file F of the project, line by line

A block after a line <!-- not run: REASON --> is left alone. Beside that, links between pages must
lead somewhere, and generated tables must be up to date.
"""

import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(?:^<!-- (?P<note>[^\n]*?) -->\n+)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S)
LINK = re.compile(r"\]\((?!https?:)(?P<file>[^)#\s]*)(?:#(?P<part>[^)\s]+))?\)")
TIMEOUT_S = 1200  # against hanging alone; under the sanitizers a block takes minutes


def matches(expected, found):
    """Whether a text is as the manual shows it."""
    lines = []
    for line in expected.strip().splitlines():
        whole = line.strip() == "..."
        lines.append(r"(?:.*\n)*?" if whole else re.escape(line.rstrip()).replace(r"\.\.\.", ".*") + r" *\n")
    return re.fullmatch("".join(lines), found.strip() + "\n") is not None


class Page:
    """One page of the manual and the folder in which its blocks run."""

    def __init__(self, path, program, folder):
        self.path = path
        self.program = program
        self.folder = folder
        self.printed = ""
        self.problems = []
        (folder / "bin").mkdir()
        (folder / "bin" / "iot-fleet").symlink_to(program)
        for shipped in ("scenarios", "campaigns"):
            (folder / shipped).symlink_to(ROOT / shipped)

    def complain(self, at, text):
        line = self.path.read_text()[:at].count("\n") + 1
        self.problems.append(f"{self.path.relative_to(ROOT)}:{line}: {text}")

    def run_sh(self, text, at):
        paths = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        script = text.replace("build/iot-fleet ", "iot-fleet ")
        result = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=self.folder, text=True,
                                env=os.environ | {"PATH": paths}, timeout=TIMEOUT_S,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.printed = result.stdout
        if result.returncode != 0:
            self.complain(at, f"exit status {result.returncode}\n{text}{result.stdout}")

    def run_text(self, text, at):
        if not matches(text, self.printed):
            self.complain(at, f"the command before printed\n{self.printed}")

    def run_sql(self, text, at):
        if not list(self.folder.glob("*.db")):
            self.run_sh("iot-fleet run scenarios/class-b-vs-c.json -o page.db\n", at)
        newest = max(self.folder.glob("*.db"), key=os.path.getmtime)
        with sqlite3.connect(newest) as database:
            for statement in text.split(";"):
                try:
                    database.execute(statement).fetchall()
                except sqlite3.Error as error:
                    self.complain(at, f"{error}\n{statement}")

    def run_json(self, text, at, note):
        if not note.startswith("scenario: "):
            return
        name = note.removeprefix("scenario: ")
        (self.folder / name).write_text(text)
        self.run_sh(f"iot-fleet validate {name}\n", at)

    def run_cpp(self, text, at, note):
        if not note.startswith("from "):
            return
        source = (ROOT / note.removeprefix("from ")).read_text()
        known = {line.strip() for line in source.splitlines()}
        for line in text.splitlines():
            if line.strip() not in known | {"", "..."}:
                self.complain(at, f"{note.removeprefix('from ')} has no line {line.strip()}")

    def run_block(self, block):
        note, kind = block["note"] or "", block["kind"]
        if note.startswith("not run") or note == "test command":
            return
        if kind in ("json", "cpp"):
            getattr(self, f"run_{kind}")(block["text"], block.start(), note)
        elif kind in ("sh", "sql", "text"):
            getattr(self, f"run_{kind}")(block["text"], block.start())

    def check_links(self):
        for link in LINK.finditer(self.path.read_text()):
            target = self.path.parent / link["file"] if link["file"] else self.path
            if not target.exists():
                self.complain(link.start(), f"no file {link['file']}")
            elif link["part"] and link["part"] not in anchors(target.read_text()):
                self.complain(link.start(), f"no heading {link['part']} in {target.name}")

    def run(self):
        self.check_links()
        for block in BLOCK.finditer(self.path.read_text()):
            self.run_block(block)
        return self.problems


def anchors(text):
    """Names that links may give to headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    wanted = sys.argv[3:] if sys.argv[2:3] == ["--pages"] else []
    problems = []
    for path in [ROOT / "README.md", *sorted((ROOT / "doc").glob("*.md"))]:
        if wanted and path.name not in wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            problems += Page(path, program, pathlib.Path(folder)).run()
    tables = subprocess.run([ROOT / "tools/make-scenario-manual.py", program, "--check"], text=True,
                            stdout=subprocess.PIPE)
    if tables.returncode != 0:
        problems.append(tables.stdout)
    print("\n".join(problems) or "the manual is right")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
