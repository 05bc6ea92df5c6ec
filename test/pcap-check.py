#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Reads a LoRaTap capture as a device manufacturer could: with the AppKeys and nothing else.

    pcap-check.py FILE < KEYS      KEYS: a line "DEVEUI APPKEY" (hexadecimal) for each device

Checks every MIC of LoRaWAN 1.0.4 frames, follows joins to session keys and McGroupSetupReq to
group keys, and puts uncoded fragments together. Shares no code with the simulator. Prints JSON.
Exits with 77 where python3-cryptography is missing.
"""
import hashlib
import json
import struct
import sys

try:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.cmac import CMAC
except ImportError:
    sys.exit(77)

LORATAP = 270
JOIN_REQUEST, JOIN_ACCEPT = 0, 1
MULTICAST_SETUP, FRAGMENTATION = 200, 201
LINK_ADR, DUTY_CYCLE, RX_PARAM_SETUP, DEV_STATUS, NEW_CHANNEL, RX_TIMING_SETUP = 3, 4, 5, 6, 7, 8
# Bytes after the identifier of MAC commands that a server and a device send (TS001-1.0.4 section 5).
DOWN_BYTES, UP_BYTES = {2: 2, 3: 4, 4: 1, 5: 4, 6: 0, 7: 5, 8: 1, 13: 5}, {2: 0, 3: 1, 4: 0, 5: 1, 6: 2, 7: 1, 8: 0, 13: 0}


def aes(key, block):
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(block)


def cmac4(key, message):
    mac = CMAC(algorithms.AES(key))
    mac.update(message)
    return mac.finalize()[:4]


def padded(*parts):
    return b"".join(parts).ljust(16, b"\0")


def packets(path):
    data = open(path, "rb").read()
    magic, network = struct.unpack("<I", data[:4])[0], struct.unpack("<I", data[20:24])[0]
    assert magic == 0xA1B2C3D4 and network == LORATAP, "no LoRaTap capture"
    at = 24
    while at < len(data):
        size = struct.unpack("<I", data[at + 8 : at + 12])[0]
        frame = data[at + 16 : at + 16 + size]
        yield frame[struct.unpack(">H", frame[2:4])[0] :]
        at += 16 + size


class Reader:
    def __init__(self, app_keys):
        self.app_keys = app_keys  # DevEUI (little-endian) -> AppKey
        self.pending = {}  # DevEUI -> DevNonce
        self.sessions = {}  # DevAddr -> [NwkSKey, AppSKey, last counters, AppKey]
        self.fragments = {}
        self.windows = set()  # DLSettings and RxDelay of join-accepts
        self.commands = {}  # (identifier, from the server): contents
        self.counts = dict.fromkeys(
            ("frames", "joinRequests", "joinAccepts", "up", "down", "multicast", "badMics", "unknown"), 0
        )

    def read(self, phy):
        self.counts["frames"] += 1
        kind = phy[0] >> 5
        if kind == JOIN_REQUEST:
            self.join_request(phy)
        elif kind == JOIN_ACCEPT:
            self.join_accept(phy)
        else:
            self.data(phy, kind)

    def join_request(self, phy):
        self.counts["joinRequests"] += 1
        eui, nonce = phy[9:17], phy[17:19]
        self.counts["badMics"] += cmac4(self.app_keys[eui], phy[:-4]) != phy[-4:]
        self.pending[eui] = nonce

    def join_accept(self, phy):
        self.counts["joinAccepts"] += 1
        for eui, nonce in self.pending.items():  # the frame does not say whose it is
            key = self.app_keys[eui]
            plain = phy[:1] + b"".join(aes(key, phy[i : i + 16]) for i in range(1, len(phy), 16))
            if cmac4(key, plain[:-4]) == plain[-4:]:
                derive = lambda label: aes(key, padded(bytes([label]), plain[1:7], nonce))
                self.sessions[plain[7:11]] = [derive(1), derive(2), {}, key]
                self.windows.add(plain[11:13].hex())
                return
        self.counts["badMics"] += 1

    def data(self, phy, kind):
        address, control, counter = phy[1:5], phy[5], struct.unpack("<H", phy[6:8])[0]
        if address not in self.sessions:
            self.counts["unknown"] += 1
            return
        nwk, app, counters, key = self.sessions[address]
        down = kind in (3, 5)
        self.counts["multicast" if key is None else "down" if down else "up"] += 1
        self.counts["badMics"] += counter <= counters.get(down, -1)  # a counter never comes back
        counters[down] = counter
        tail = bytes([down]) + address + struct.pack("<I", counter) + b"\0"
        block = b"\x49\0\0\0\0" + tail + bytes([len(phy) - 4])
        self.counts["badMics"] += cmac4(nwk, block + phy[:-4]) != phy[-4:]
        self.options(phy[8 : 8 + (control & 15)], down)
        body = phy[8 + (control & 15) : -4]
        if len(body) > 1 and down:
            plain = b"".join(
                bytes(a ^ b for a, b in zip(body[1 + i : 17 + i], aes(app, b"\1\0\0\0\0" + tail + bytes([i // 16 + 1]))))
                for i in range(0, len(body) - 1, 16)
            )
            self.message(body[0], plain, key)

    def options(self, commands, down):
        while commands:
            size = 1 + (DOWN_BYTES if down else UP_BYTES)[commands[0]]
            self.commands.setdefault((commands[0], down), []).append(commands[1:size].hex())
            commands = commands[size:]

    def message(self, port, plain, key):
        if port == MULTICAST_SETUP and plain[0] == 2 and key is not None:
            address = plain[2:6]
            root = aes(key, bytes(16))  # TS005, 1.0.x: GenAppKey, here the AppKey
            group = aes(aes(root, bytes(16)), plain[6:22])
            derive = lambda label: aes(group, padded(bytes([label]), address))
            self.sessions.setdefault(address, [derive(2), derive(1), {}, None])
        if port == FRAGMENTATION and plain[0] == 8:
            number = struct.unpack("<H", plain[1:3])[0] & 0x3FFF
            known = self.fragments.setdefault(number, plain[3:])
            self.counts["badMics"] += known != plain[3:]


def main():
    keys = (line.split() for line in sys.stdin if line.strip())
    reader = Reader({bytes.fromhex(eui)[::-1]: bytes.fromhex(key) for eui, key in keys})
    for phy in packets(sys.argv[1]):
        reader.read(phy)
    numbers = sorted(reader.fragments)
    run = [n for i, n in enumerate(numbers) if n == i + 1]
    block = b"".join(reader.fragments[n] for n in run)
    said = lambda command, down: reader.commands.get((command, down), [])
    found = {"fragments": len(numbers), "run": len(run), "block": block.hex(), "windows": sorted(reader.windows),
             "rxRequests": said(RX_PARAM_SETUP, True), "rxAnswers": said(RX_PARAM_SETUP, False),
             "adrRequests": said(LINK_ADR, True), "statusRequests": said(DEV_STATUS, True), "statusAnswers": said(DEV_STATUS, False),
             "settings": {down: [sorted(set(said(c, down))) for c in (DUTY_CYCLE, NEW_CHANNEL, RX_TIMING_SETUP)]
                          for down in (True, False)}}
    json.dump(reader.counts | found, sys.stdout)


main()
