#! /usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only

# The examples that ns-3's test.py runs as smoke tests:
# (program and arguments, whether to run it, whether to run it under valgrind too).
cpp_examples = [
    ("fleet-in-thirty-lines", "True", "False"),
    ("custom-session-policy", "True", "False"),
    ("custom-rollout-policy", "True", "False"),
    ("gateway-with-application", "True", "False"),
    ("gateway-with-application --backhaul=200kbps", "True", "False"),
]

python_examples = []
