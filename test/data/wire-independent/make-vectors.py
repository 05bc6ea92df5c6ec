#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Random LoRaWAN vectors by a second implementation, for what the published vectors leave out.

    test/data/wire-independent/make-vectors.py > test/data/wire-independent/vectors.json

Written from the standards alone (TS001-1.0.4, LoRaWAN 1.1 with its errata, TS004, TS005), on AES and CMAC of the
Python package "cryptography". Uses nothing of the simulator. Frames, keys and join-accepts of version 1.0 agree
with the npm package lora-packet 0.9.3.
"""

import json
import random

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

DRAW = random.Random(20261125)
EACH = 12


def encrypt(key, blocks):
    step = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return step.update(blocks) + step.finalize()


def decrypt(key, blocks):
    step = Cipher(algorithms.AES(key), modes.ECB()).decryptor()
    return step.update(blocks) + step.finalize()


def mic(key, message):
    code = CMAC(algorithms.AES(key))
    code.update(message)
    return code.finalize()[:4]


def octets(count):
    return bytes(DRAW.randrange(256) for _ in range(count))


def little(value, size):
    return value.to_bytes(size, "little")


def pad(block):
    return block + bytes(16 - len(block))


def xor(left, right):
    return bytes(a ^ b for a, b in zip(left, right))


def join_accept():
    """CFList type 0 or 1 or none; LoRaWAN 1.0 and 1.1, in answer to joins and rejoins."""
    case = {"type": "join-accept", "app_key": octets(16), "js_int_key": octets(16), "encryption_key": octets(16),
            "join_nonce": DRAW.getrandbits(24), "net_id": DRAW.getrandbits(24), "dev_addr": DRAW.getrandbits(32),
            "rx1_offset": DRAW.randrange(8), "rx2_data_rate": DRAW.randrange(16), "rx_delay": DRAW.randrange(16),
            "join_request_type": DRAW.choice([0xFF, 0, 1, 2]), "join_eui": DRAW.getrandbits(64),
            "dev_nonce": DRAW.getrandbits(16)}
    kind = DRAW.choice(["none", "frequencies", "masks"])
    cf_list = b""
    if kind == "frequencies":
        case["frequencies"] = [100 * DRAW.getrandbits(24) for _ in range(5)]
        cf_list = b"".join(little(f // 100, 3) for f in case["frequencies"]) + b"\0"
    if kind == "masks":
        case["masks"] = [DRAW.getrandbits(16) for _ in range(7)]
        cf_list = b"".join(little(m, 2) for m in case["masks"]) + b"\0\1"

    def plain(opt_neg):
        settings = opt_neg << 7 | case["rx1_offset"] << 4 | case["rx2_data_rate"]
        return (b"\x20" + little(case["join_nonce"], 3) + little(case["net_id"], 3) + little(case["dev_addr"], 4) +
                bytes([settings, case["rx_delay"]]) + cf_list)

    old, new = plain(0), plain(1)
    case["bytes_10"] = old[:1] + decrypt(case["app_key"], old[1:] + mic(case["app_key"], old))
    context = bytes([case["join_request_type"]]) + little(case["join_eui"], 8) + little(case["dev_nonce"], 2)
    code = mic(case["js_int_key"], context + new)
    case["bytes_11"] = new[:1] + decrypt(case["encryption_key"], new[1:] + code)
    return case


def rejoin():
    case = {"type": "rejoin", "key": octets(16), "rejoin_type": DRAW.randrange(3), "dev_eui": DRAW.getrandbits(64),
            "rj_count": DRAW.getrandbits(16)}
    if case["rejoin_type"] == 1:
        case["join_eui"] = DRAW.getrandbits(64)
        identity = little(case["join_eui"], 8)
    else:
        case["net_id"] = DRAW.getrandbits(24)
        identity = little(case["net_id"], 3)
    body = bytes([0xC0, case["rejoin_type"]]) + identity + little(case["dev_eui"], 8) + little(case["rj_count"], 2)
    return case | {"bytes": body + mic(case["key"], body)}


def data_frame():
    """A data frame as LoRaWAN 1.0 and as 1.1 secure it."""
    up, confirmed, ack = DRAW.randrange(2), DRAW.randrange(2), DRAW.randrange(2)
    case = {"type": "data-frame", "m_type": (4 if confirmed else 2) + (0 if up else 1), "adr": DRAW.randrange(2),
            "adr_ack_req": DRAW.randrange(2) if up else 0, "ack": ack, "f_pending": DRAW.randrange(2),
            "dev_addr": DRAW.getrandbits(32), "f_cnt": DRAW.getrandbits(32), "nwk_s_key": octets(16),
            "app_s_key": octets(16), "f_nwk_s_int_key": octets(16), "s_nwk_s_int_key": octets(16),
            "nwk_s_enc_key": octets(16), "conf_f_cnt": DRAW.getrandbits(16) if ack else 0,
            "tx_data_rate": DRAW.randrange(16), "tx_channel": DRAW.randrange(96)}
    port = DRAW.choice([None, 0, 1, 200, 223])
    case["f_opts"] = b"" if port == 0 else octets(DRAW.choice([0, 1, 5, 15]))
    payload = b"" if port is None else octets(DRAW.choice([0, 1, 15, 16, 17, 48, 222]))
    if port is not None:
        case |= {"f_port": port, "payload": payload}
    direction, address, counter = bytes([1 - up]), little(case["dev_addr"], 4), little(case["f_cnt"], 4)

    def crypt(key, text):
        stream = b"".join(encrypt(key, b"\1" + bytes(4) + direction + address + counter + bytes([0, i + 1]))
                          for i in range((len(text) + 15) // 16))
        return xor(text, stream)

    def without_mic(f_opts, key):
        control = case["adr"] << 7 | case["adr_ack_req"] << 6 | ack << 5 | case["f_pending"] << 4 | len(f_opts)
        tail = b"" if port is None else bytes([port]) + crypt(key, payload)
        return bytes([case["m_type"] << 5]) + address + bytes([control]) + counter[:2] + f_opts + tail

    def block(four, body):
        return b"\x49" + four + direction + address + counter + bytes([0, len(body)]) + body

    body = without_mic(case["f_opts"], case["nwk_s_key"] if port == 0 else case["app_s_key"])
    case["bytes_10"] = body + mic(case["nwk_s_key"], block(bytes(4), body))
    context = 2 if not up and port not in (None, 0) else 1  # errata of LoRaWAN 1.1: which counter it is
    key = encrypt(case["nwk_s_enc_key"], bytes([1, 0, 0, 0, context]) + direction + address + counter + b"\0\1")
    body = without_mic(xor(case["f_opts"], key), case["nwk_s_enc_key"] if port == 0 else case["app_s_key"])
    acknowledged = little(case["conf_f_cnt"], 2)
    if up:
        served = mic(case["s_nwk_s_int_key"],
                     block(acknowledged + bytes([case["tx_data_rate"], case["tx_channel"]]), body))
        code = served[:2] + mic(case["f_nwk_s_int_key"], block(bytes(4), body))[:2]
    else:
        code = mic(case["s_nwk_s_int_key"], block(acknowledged + bytes(2), body))
    case["bytes_11"] = body + code
    return case


def multicast_keys():
    case = {"type": "multicast-keys", "root": octets(16), "mc_key": octets(16), "mc_addr": DRAW.getrandbits(32)}
    root = encrypt(case["root"], bytes(16))
    ke_key = encrypt(root, bytes(16))
    address = little(case["mc_addr"], 4)
    return case | {"from_gen_app_key": root, "from_app_key": encrypt(case["root"], pad(b"\x20")), "mc_ke_key": ke_key,
                   "mc_key_encrypted": decrypt(ke_key, case["mc_key"]),
                   "mc_app_s_key": encrypt(case["mc_key"], pad(b"\1" + address)),
                   "mc_nwk_s_key": encrypt(case["mc_key"], pad(b"\2" + address)),
                   "data_block_int_key": encrypt(case["root"], pad(b"\x30"))}


def data_block():
    case = {"type": "data-block", "key": octets(16), "session_cnt": DRAW.getrandbits(16),
            "frag_index": DRAW.randrange(4), "descriptor": octets(4), "data": octets(DRAW.choice([1, 16, 17, 333]))}
    first = (b"\x49" + little(case["session_cnt"], 2) + bytes([case["frag_index"]]) + case["descriptor"] + bytes(4) +
             little(len(case["data"]), 4))
    return case | {"mic": mic(case["key"], first + case["data"])}


def ping_offset():
    case = {"type": "ping-offset", "beacon_time": 128 * DRAW.getrandbits(25), "address": DRAW.getrandbits(32),
            "period": 1 << 5 + DRAW.randrange(8)}
    drawn = encrypt(bytes(16), pad(little(case["beacon_time"], 4) + little(case["address"], 4)))
    return case | {"offset": (drawn[0] + 256 * drawn[1]) % case["period"]}


SIZES = [1, 2, 3, 4, 5, 8, 26, 31, 32, 33, 105, 127, 128, 129, 400, 1024]


def parity_row(size, version):
    """TS004 1.0.0 counts draws of a position that it had before, 2.0.0 does not."""
    line = DRAW.choice([1, 2, size, 2 * size, DRAW.randrange(1, 8192)])
    state, row, drawn = 1 + 1001 * line, [0] * size, 0
    modulus = size + (size & (size - 1) == 0)
    while drawn < size // 2:
        place = 1 << 16
        while place >= size:
            state = (state >> 1) + (((state & 1) ^ (state >> 5 & 1)) << 22)
            place = state % modulus
        if version == 2 and row[place]:
            continue
        row[place] = 1
        drawn += 1
    return {"type": "parity-row", "size": size, "version": version, "line": line,
            "ones": [i for i, bit in enumerate(row) if bit] if size < 200 else [], "count": sum(row),
            "sum": sum(i for i, bit in enumerate(row) if bit)}


def main():
    cases = [make() for make in (join_accept, rejoin, data_frame, multicast_keys, data_block, ping_offset)
             for _ in range(EACH)]
    cases += [parity_row(size, version) for size in SIZES for version in (1, 2)]
    text = [json.dumps({name: value.hex() if isinstance(value, bytes) else value for name, value in case.items()})
            for case in cases]
    print("[\n" + ",\n".join(text) + "\n]")


main()
