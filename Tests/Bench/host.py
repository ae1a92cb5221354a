"""The machine that a run took place on."""

import os
import platform
import sqlite3
import subprocess


def describe(folder: str) -> dict[str, str]:
    return {
        "CPU": f"{_processor()}, {os.cpu_count()} cores", "kernel": platform.release(),
        "SQLite": sqlite3.sqlite_version, "disk": _disk(folder),
        "load before": f"{os.getloadavg()[0]:.2f}"}


def _processor() -> str:
    with open("/proc/cpuinfo") as file:
        for line in file:
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.machine()


def _disk(folder: str) -> str:
    command = ["findmnt", "--noheadings", "--output", "FSTYPE,SOURCE", "--target", folder]
    done = subprocess.run(command, capture_output=True, text=True)
    return " on ".join(done.stdout.split()[:2]) or "unknown"
