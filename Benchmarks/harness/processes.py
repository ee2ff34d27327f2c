"""Child processes that are stopped by their own id, whatever happens to the benchmark."""
import ctypes
import os
import resource
import signal
import subprocess

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _prepare_child():
    """In the child: as many open files as allowed, and SIGTERM should the benchmark itself be killed."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


class Processes:
    """Starts processes and, as a context manager, stops those still running in reverse order."""

    def __init__(self):
        self._running = []

    def __enter__(self):
        signal.signal(signal.SIGTERM, self._interrupted)
        signal.signal(signal.SIGHUP, self._interrupted)
        return self

    def __exit__(self, *_):
        # A second Ctrl-C must not leave the rest behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for process in reversed(list(self._running)):
            self.stop(process)

    @staticmethod
    def _interrupted(number, _frame):
        raise SystemExit(128 + number)

    def start(self, arguments, **options):
        # A session of its own: Ctrl-C reaches the benchmark alone, which then stops its children in order.
        process = subprocess.Popen(arguments, start_new_session=True, preexec_fn=_prepare_child, **options)
        self._running.append(process)
        return process

    def run(self, arguments, timeout=600, **options):
        """Runs to the end and gives standard output; what it says on standard error goes into the error when it fails."""
        process = self.start(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
        try:
            output, complaint = process.communicate(timeout=timeout)
        except BaseException:
            self.stop(process)
            raise
        self._running.remove(process)
        if process.returncode != 0:
            words = [os.path.basename(str(arguments[0])), *(str(word) for word in arguments[1:] if str(word)[:1].isalpha())]
            raise RuntimeError(f"`{' '.join(words[:3])} …` ended with {process.returncode}: {complaint.strip()[-1000:]}")
        return output

    def stop(self, process):
        if process in self._running:
            self._running.remove(process)
        if process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
