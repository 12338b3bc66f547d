"""That an interruption from the keyboard ends a long analysis, which by itself would go on for minutes."""

import signal
import subprocess
import sys

import pytest

STUDY = """
import numpy as np, pandas as pd, softpower
from softpower import swings, uncertainty_analysis, weight_space

values = np.random.default_rng(0).uniform(1, 2, size=(300, 60))
frame = pd.DataFrame(values, [f"c{row}" for row in range(300)], [f"i{column}" for column in range(60)])
low, high = (frame.mul(by).add_suffix(end) for by, end in ((0.9, ":low"), (1.1, ":high")))
bounded = pd.concat([frame, low, high], axis=1)

def started(done, whole):
    print("started", flush=True)
"""
LONG = {
    "draws": 'uncertainty_analysis(frame, uncertainty={"weights": "simplex"}, n=10**9, progress=started)',
    "moves": "swings(bounded, progress=started)",
    "programs": 'weight_space(frame, weights="simplex").ranks(progress=started)',
}


@pytest.mark.skipif(sys.platform == "win32", reason="signals of the keyboard are sent otherwise there")
@pytest.mark.parametrize("call", LONG)
def test_an_interruption_ends_it(call):
    command = [sys.executable, "-c", STUDY + LONG[call]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            assert running.stdout.readline() == "started\n"
            running.send_signal(signal.SIGINT)
            _, errors = running.communicate(timeout=20)
        finally:
            running.kill()
    assert running.returncode != 0
    assert "KeyboardInterrupt" in errors
