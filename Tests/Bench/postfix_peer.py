"""The archetype of store-and-forward: Postfix, which takes mail in and keeps it."""

import os
import shutil
import socket
import subprocess
import time

from machine import free_port, until
from processes import family

#: Accepts and makes durable, and does nothing else: no name is looked up, nobody is counted, and whatever
#: comes is put on hold. Where Postfix would end a process now and then or wait for its queue, it does not.
_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
multi_instance_name = postfix-bench
myhostname = bench.invalid
mydestination = bench.invalid
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
smtpd_peername_lookup = no
smtpd_tls_security_level = none
smtpd_client_connection_count_limit = 0
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access static:HOLD, permit_mynetworks, reject
smtputf8_enable = no
in_flow_delay = 0
max_use = 1000000
"""

#: No queue manager and nothing that delivers or bounces; no chroot, and as many processes as there are
#: connections.
_MASTER = """
127.0.0.1:{port} inet n - n - 0 smtpd
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
postlog unix-dgram n - n - 1 postlogd
"""


def lacks_postfix() -> str | None:
    """Why there can be no instance of our own; `None` where there can."""
    if os.geteuid() != 0:
        return "needs root"
    return None if shutil.which("postfix") and shutil.which("smtp-source") else "postfix is missing"


class PostfixPeer:
    """An instance with folders of its own, beside any other of this machine."""

    def __init__(self, folder: str):
        """The folder is made, and all above it have to let the user postfix through (mode 711)."""
        self._folder, self.port = os.path.abspath(folder), free_port()

    def start(self) -> None:
        for name in "config", "queue", "data":
            os.makedirs(f"{self._folder}/{name}")
        shutil.chown(f"{self._folder}/data", "postfix")
        for name, text in ("main.cf", _MAIN), ("master.cf", _MASTER):
            with open(f"{self._folder}/config/{name}", "w") as file:
                file.write(text.format(folder=self._folder, port=self.port))
        self._command("start")
        until("Postfix answers", self._answers, 30)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                return connection.recv(3) == b"220"
        except OSError:
            return False

    def _command(self, verb: str) -> None:
        command = ["postfix", "-c", f"{self._folder}/config", verb]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} ended {done.returncode}: see {self._folder}/log")

    def load(self, sessions: int, bytes: int, count: int) -> float:
        """Sends messages, and returns how many seconds that took; the first load starts the processes too.

        The connections stay open, which was 1.3 times as fast as one for each message.
        """
        command = [
            "smtp-source", "-d", "-s", str(sessions), "-l", str(bytes), "-m", str(count),
            "-M", "bench.invalid", f"127.0.0.1:{self.port}"]
        start = time.monotonic()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=600)
        return time.monotonic() - start

    def held(self) -> int:
        """How many messages are in the queue for good."""
        return sum(len(files) for _, _, files in os.walk(f"{self._folder}/queue/hold"))

    def pids(self) -> list[int]:
        """The times of those that have ended are with the first, which has waited for them."""
        with open(f"{self._folder}/queue/pid/master.pid") as file:
            return family(int(file.read()))

    def stop(self) -> None:
        self._command("stop")
