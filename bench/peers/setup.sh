#!/usr/bin/env bash
# Makes bench/peers/.venv, .venv-keras and .venv-bertopic with the pinned versions; run again, it only does what is missing.
#   bench/peers/setup.sh            all of them
#   bench/peers/setup.sh torch      only .venv (PyTorch, scikit-learn, ONNX Runtime, tokenizers)
#   bench/peers/setup.sh keras      only .venv-keras (Keras 3 on TensorFlow)
#   bench/peers/setup.sh bertopic   only .venv-bertopic (BERTopic, for vectors that are given)
# PYTHON=python3.12 bench/peers/setup.sh chooses the interpreter.
set -euo pipefail
cd "$(dirname "$0")"
python="${PYTHON:-python3}"

make_venv() { # folder, requirements, packages without their dependencies
  local stamp="$1/.requirements"
  if [ -x "$1/bin/python" ] && cmp -s "$2" "$stamp"; then
    echo "$1 is up to date"
    return
  fi
  [ -x "$1/bin/python" ] || "$python" -m venv "$1"
  "$1/bin/python" -m pip install --quiet --disable-pip-version-check -r "$2"
  [ $# -lt 3 ] || "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "${@:3}"
  cp "$2" "$stamp"
  echo "$1 is ready"
}

case "${1:-all}" in
  torch) make_venv .venv requirements.txt ;;
  keras) make_venv .venv-keras requirements-keras.txt ;;
  bertopic) make_venv .venv-bertopic requirements-bertopic.txt bertopic==0.17.4 ;;
  all)
    make_venv .venv requirements.txt
    make_venv .venv-keras requirements-keras.txt
    make_venv .venv-bertopic requirements-bertopic.txt bertopic==0.17.4
    ;;
  *)
    echo "setup.sh: '$1' is not a part; say torch, keras, bertopic or nothing for all" >&2
    exit 2
    ;;
esac
