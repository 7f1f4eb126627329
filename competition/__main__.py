"""The front door: `python3 -m competition COMMAND` from a fresh clone, with nothing but Python and git.

Makes `.venv`, installs what uv.lock names, builds the front end when it is missing or old, and starts again inside.
Standard library only, and no syntax newer than old Pythons can read: they must reach the sentence below.
"""

import os
import subprocess
import sys

UV = "0.13.8"
OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "Scripts" if sys.platform == "win32" else "bin")
SUFFIX = ".exe" if sys.platform == "win32" else ""
PYTHON = os.path.join(BIN, "python" + SUFFIX)


def main() -> int:
    if sys.version_info < OLDEST:
        sys.stderr.write(
            "SkillsLadder needs Python {}.{} or newer; this is Python {}.{}. Start it with a newer one, for example: "
            "python3.11 -m competition\n".format(*OLDEST, *sys.version_info[:2])
        )
        return 1
    if os.path.realpath(sys.prefix) == os.path.realpath(VENV) and "COMPETITION_BOOTSTRAPPED" in os.environ:
        return run()
    if not os.path.isfile(os.path.join(ROOT, "uv.lock")):
        return run()  # an installed package has its environment already
    install(first_time=make_environment())
    return enter()


def run() -> int:
    from competition.cli import main as command_line

    command_line()
    return 0


def make_environment() -> bool:
    # A failed venv leaves a folder with a Python and no pip, so uv decides, never the folder.
    if os.path.isfile(os.path.join(BIN, "uv" + SUFFIX)) and works(PYTHON):
        return False
    say("Making the environment in .venv")
    if subprocess.call([sys.executable, "-m", "venv", "--clear", VENV], stdout=subprocess.DEVNULL):
        stop(
            "Python cannot make environments here. On Debian and Ubuntu this installs what is missing:\n"
            "  sudo apt-get install -y python3-venv"
        )
    say(f"Fetching uv {UV}, which installs exactly what uv.lock names")
    pip = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "uv==" + UV,
    ]
    if subprocess.call(pip):
        stop("uv could not be fetched: see the lines above. The Python package index must be reachable.")
    return True


def install(first_time: bool) -> None:
    groups = [] if sys.argv[1:2] in (["test"], ["campaign"]) else ["--no-dev"]
    if first_time:
        say(
            "Fetching the packages of uv.lock, node for the build (60 MB), fonts and front-end packages (160 MB)"
        )
    sync(groups if first_time else [*groups, "--quiet"])
    from competition import assets

    if assets.stamp_problem():
        say("Building the front end")
        sync([*groups, "--quiet", "--reinstall-package", "competition"])


def sync(options: "list[str]") -> None:
    # --inexact: without it uv removes itself, and `demo` would remove what `test` installed.
    uv = [
        os.path.join(BIN, "uv" + SUFFIX),
        "sync",
        "--locked",
        "--inexact",
        "--python",
        PYTHON,
    ]
    environment = dict(os.environ, VIRTUAL_ENV=VENV, UV_PROJECT_ENVIRONMENT=VENV)
    environment.pop("PYTHONPATH", None)
    status = subprocess.call(uv + options, cwd=ROOT, env=environment)
    if status:
        stop("The packages could not be installed: see the lines above.", status)


def enter() -> int:
    os.environ["COMPETITION_BOOTSTRAPPED"] = "yes"
    command = [PYTHON, "-m", "competition"] + sys.argv[1:]
    if sys.platform == "win32":
        return subprocess.call(command)
    sys.stdout.flush()
    return os.execv(PYTHON, command)


def works(python: str) -> bool:
    # A moved checkout keeps an environment whose programs point to the old place.
    try:
        where = subprocess.check_output([python, "-c", "import sys; print(sys.prefix)"])
    except (OSError, subprocess.CalledProcessError):
        return False
    uv = os.path.join(BIN, "uv" + SUFFIX)
    return os.path.realpath(where.decode().strip()) == os.path.realpath(VENV) and os.access(uv, os.X_OK)


def say(what: str) -> None:
    sys.stderr.write("· " + what + " …\n")
    sys.stderr.flush()


def stop(sentence: str, status: int = 1) -> None:
    sys.stderr.write(sentence + "\n")
    sys.exit(status)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
