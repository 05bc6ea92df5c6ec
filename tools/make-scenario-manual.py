#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes the tables of keys in doc/scenario.md and doc/campaigns.md and of metrics in doc/metrics.md anew.

    tools/make-scenario-manual.py PROGRAM [--check]

PROGRAM is a built iot-fleet. The tables stand between the lines "<!-- generated -->" and
"<!-- end of generated -->"; everything else in these files is written by hand.
With --check nothing is written, and the exit status is 1 where a table is not up to date.
"""

import json
import pathlib
import re
import subprocess
import sys

DOC = pathlib.Path(__file__).resolve().parent.parent / "doc"
BEGIN = "<!-- generated -->\n"
END = "<!-- end of generated -->"


def cell(text):
    return text.replace("|", "\\|")


def code(value):
    return "`" + json.dumps(value) + "`"


def number_range(schema):
    """Accepted numbers in words, or nothing."""
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum")
    if high == 4294967295 or high == 4294967294:
        high = None
    if low is None and high is None:
        return ""
    above = "exclusiveMinimum" in schema
    if high is None:
        return f"above {low:g}" if above else f"{low:g} or more"
    return f"above {low:g} to {high:g}" if above else f"{low:g} to {high:g}"


def type_words(schema):
    """What may be written for a key."""
    if "enum" in schema:
        return ", ".join(code(value) for value in schema["enum"])
    if "anyOf" in schema:
        words = [type_words(one) for one in schema["anyOf"]]
        if any("%" in one.get("pattern", "") for one in schema["anyOf"]):
            share = number_range(schema["anyOf"][0])
            return f"share {share}, or a percentage" + (" or `null`" if "`null`" in words else "")
        return " or ".join(dict.fromkeys(words))
    kinds = schema.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    words = []
    for kind in kinds:
        if kind == "string" and "pattern" in schema:
            sign = ", may be negative" if schema["pattern"].startswith("^-") else ""
            words.append("quantity" + sign)
        elif kind in ("number", "integer"):
            name = "whole number" if kind == "integer" else "number"
            words.append(" ".join([name, number_range(schema)]).strip())
        else:
            words.append({"string": "text", "boolean": "true or false", "null": "`null`",
                          "array": "list", "object": "object"}[kind])
    return " or ".join(words)


def children(schema, path):
    """Objects directly below: (path, schema), also inside lists, maps and alternatives."""
    for key, one in schema.get("properties", {}).items():
        yield from objects(one, f"{path}/{key}")


def objects(schema, path):
    if "properties" in schema:
        yield path, schema
    if "items" in schema:
        yield from objects(schema["items"], path + "/N")
    if isinstance(schema.get("additionalProperties"), dict):
        yield from objects(schema["additionalProperties"], path + "/NAME")
    for one in schema.get("anyOf", []):
        yield from objects(one, path)


def table(schema):
    required = schema.get("required", [])
    lines = ["| key | value | default | meaning |", "|---|---|---|---|"]
    for key, one in schema["properties"].items():
        default = code(one["default"]) if "default" in one else "required" if key in required else ""
        meaning = cell(one.get("description", ""))
        lines.append(f"| `{key}` | {cell(type_words(one))} | {default} | {meaning} |")
    return "\n".join(lines)


def key_tables(schema, path=""):
    """A heading and a table for each object, outer ones first."""
    title = path or "The whole file"
    description = schema.get("description", "")
    text = f"### `{title}`\n\n" if path else f"### {title}\n\n"
    if path and description:
        text += f"{description}\n\n"
    text += table(schema) + "\n\n"
    for child_path, child in children(schema, path):
        text += key_tables(child, child_path)
    return text


def metric_table(text):
    """The dictionary as the program prints it, as a table."""
    lines = ["| metric | unit | meaning |", "|---|---|---|"]
    for name, unit, meaning in re.findall(r"^(\w+) \[(\S+)\]\n((?:    .*\n)+)", text, re.M):
        lines.append(f"| `{name}` | {unit} | {cell(' '.join(meaning.split()))} |")
    return "\n".join(lines) + "\n\n"


def renew(name, text, check):
    """Replaces the generated part of a page; returns whether it was up to date."""
    page = DOC / name
    before = page.read_text()
    start = before.index(BEGIN) + len(BEGIN)
    after = before[:start] + "\n" + text + before[before.index(END):]
    if after != before and check:
        print(f"doc/{name} is not up to date: run tools/make-scenario-manual.py PROGRAM")
    elif after != before:
        page.write_text(after)
    return after == before


def main():
    program, check = sys.argv[1], "--check" in sys.argv[2:]
    schema = subprocess.check_output([program, "schema", "scenario"], text=True)
    campaign = subprocess.check_output([program, "schema", "campaign"], text=True)
    metrics = subprocess.check_output([program, "schema", "metrics"], text=True)
    fresh = [renew("scenario.md", key_tables(json.loads(schema)), check),
             renew("campaigns.md", key_tables(json.loads(campaign)), check),
             renew("metrics.md", metric_table(metrics), check)]
    return 0 if all(fresh) or not check else 1


if __name__ == "__main__":
    sys.exit(main())
