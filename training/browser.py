"""A headless Chromium, spoken to over two pipes by its DevTools protocol, so that neither a driver nor a port is needed."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from typing import Any

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Headless, and asking nobody anything.
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip
# The protocol's two ends in the child, and where they wait until they are put there.
_CHILD_READS, _CHILD_WRITES, _FREE = 3, 4, 10


def find_browser() -> str:
    """
    Find Chromium on this machine.

    Returns
    -------
    str
        Its program. Without one the script ends and says what to install.
    """
    found = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if found is None:
        sys.exit("no Chromium is on this machine; apt-get install chromium")
    return found


class Browser:
    """
    A Chromium of its own, which ends with the block.

    Parameters
    ----------
    program : str
        From `find_browser`.
    """

    def __init__(self, program: str) -> None:
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        commands, self._to = (fcntl.fcntl(end, fcntl.F_DUPFD, _FREE) for end in os.pipe())
        self._from, answers = (fcntl.fcntl(end, fcntl.F_DUPFD, _FREE) for end in os.pipe())

        def placed() -> None:
            os.dup2(commands, _CHILD_READS)
            os.dup2(answers, _CHILD_WRITES)

        words = [program, *FLAGS, "--remote-debugging-pipe", f"--user-data-dir={self._profile.name}", "about:blank"]
        self._process = subprocess.Popen(
            words, preexec_fn=placed, pass_fds=(_CHILD_READS, _CHILD_WRITES), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(commands)
        os.close(answers)
        self._rest, self._calls = b"", 0

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)
        self._profile.cleanup()

    def call(self, method: str, session: str = "", **values: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """
        Ask for something and wait for the answer.

        Parameters
        ----------
        method : str
            Of the DevTools protocol.
        session : str
            The tab's; blank for the browser.
        **values
            Parameters of the method.

        Returns
        -------
        tuple
            The answer, and what happened meanwhile.

        Raises
        ------
        RuntimeError
            When Chromium refuses, or has ended.
        """
        self._calls += 1
        asked = {"id": self._calls, "method": method, "params": values} | ({"sessionId": session} if session else {})
        os.write(self._to, json.dumps(asked).encode() + b"\0")
        happened = []
        while (said := self.next()).get("id") != self._calls:
            happened.append(said)
        if "error" in said:
            raise RuntimeError(f"Chromium does not do {method}: {said['error']['message']}")
        return said["result"], happened

    def next(self) -> dict[str, Any]:
        """
        Wait for the next thing that Chromium says.

        Returns
        -------
        dict
            A message of the protocol.

        Raises
        ------
        RuntimeError
            When it has ended.
        """
        while b"\0" not in self._rest:
            more = os.read(self._from, 1 << 16)
            if not more:
                raise RuntimeError("Chromium has ended before it answered")
            self._rest += more
        said, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(said))

    def tab(self) -> Tab:
        """
        Open an empty tab.

        Returns
        -------
        Tab
            It.
        """
        made, _ = self.call("Target.createTarget", url="about:blank")
        joined, _ = self.call("Target.attachToTarget", targetId=made["targetId"], flatten=True)
        return Tab(self, joined["sessionId"])


class Tab:
    """
    A tab in which pages are opened.

    Parameters
    ----------
    browser : Browser
        Whose it is.
    session : str
        Its name in the protocol.
    """

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser, self._session = browser, session
        # A page that forbids scripts would forbid those that look at it, and hide what it would ask for.
        for method, values in (("Page.enable", {}), ("Network.enable", {}), ("Page.setBypassCSP", {"enabled": True})):
            self.call(method, **values)

    def call(self, method: str, **values: Any) -> dict[str, Any]:
        """
        Ask the tab for something.

        Parameters
        ----------
        method : str
            Of the DevTools protocol.
        **values
            Parameters of the method.

        Returns
        -------
        dict
            The answer.
        """
        return self._browser.call(method, self._session, **values)[0]

    def resize(self, width: int, height: int) -> None:
        """
        Give the window a size.

        Parameters
        ----------
        width, height : int
            In CSS pixels.
        """
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def open(self, address: str) -> list[str]:
        """
        Open a page and wait until it is there.

        Parameters
        ----------
        address : str
            Where it is.

        Returns
        -------
        list of str
            All that was asked for, the page included.
        """
        _, happened = self._browser.call("Page.navigate", self._session, url=address)
        while not any(one.get("method") == "Page.loadEventFired" for one in happened):
            happened.append(self._browser.next())
        return [one["params"]["request"]["url"] for one in happened if one.get("method") == "Network.requestWillBeSent"]

    def evaluate(self, script: str) -> Any:
        """
        Run a script in the page.

        Parameters
        ----------
        script : str
            JavaScript; of a promise the value it comes to is waited for.

        Returns
        -------
        object
            Its value.

        Raises
        ------
        RuntimeError
            When the script fails.
        """
        found = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"].get("exception", {}).get("description", "the script failed"))
        return found["result"].get("value")
