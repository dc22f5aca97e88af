#!/usr/bin/env bash
# Makes bench/peers/.venv, .venv-keras and .venv-setfit with the pinned versions; run again, it only does what is missing.
#   bench/peers/setup.sh            all
#   bench/peers/setup.sh torch      only .venv (PyTorch, scikit-learn, ONNX Runtime, tokenizers)
#   bench/peers/setup.sh keras      only .venv-keras (Keras 3 on TensorFlow)
#   bench/peers/setup.sh setfit     .venv, and .venv-setfit beside it (SetFit, which brings a dozen packages of its own)
# PYTHON=python3.12 bench/peers/setup.sh chooses the interpreter.
set -euo pipefail
cd "$(dirname "$0")"
python="${PYTHON:-python3}"

make_venv() { # folder, requirements, constraints
  local stamp="$1/.requirements"
  if [ -x "$1/bin/python" ] && cmp -s "$2" "$stamp"; then
    echo "$1 is up to date"
    return
  fi
  [ -x "$1/bin/python" ] || "$python" -m venv "$1"
  "$1/bin/python" -m pip install --quiet --disable-pip-version-check -r "$2" ${3:+-c "$3"}
  cp "$2" "$stamp"
  echo "$1 is ready"
}

make_setfit() { # SetFit finds PyTorch and the rest in .venv: 6 GB that need not be there twice
  make_venv .venv requirements.txt
  local site='import sysconfig; print(sysconfig.get_path("purelib"))'
  if [ ! -x .venv-setfit/bin/python ]; then
    "$python" -m venv .venv-setfit
    "$PWD/.venv/bin/python" -c "$site" > "$(.venv-setfit/bin/python -c "$site")/beside.pth"
  fi
  make_venv .venv-setfit requirements-setfit.txt requirements.txt
}

case "${1:-all}" in
  torch) make_venv .venv requirements.txt ;;
  keras) make_venv .venv-keras requirements-keras.txt ;;
  setfit) make_setfit ;;
  all)
    make_venv .venv requirements.txt
    make_venv .venv-keras requirements-keras.txt
    make_setfit
    ;;
  *)
    echo "setup.sh: '$1' is not a part; say torch, keras, setfit or nothing for all" >&2
    exit 2
    ;;
esac
