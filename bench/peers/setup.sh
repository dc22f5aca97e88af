#!/usr/bin/env bash
# Makes the environments of the peers under bench/peers/ with pinned versions; run again, it only does what is missing.
#   bench/peers/setup.sh            all of them
#   bench/peers/setup.sh torch      .venv (PyTorch, scikit-learn, ONNX Runtime, tokenizers)
#   bench/peers/setup.sh keras      .venv-keras (Keras 3 on TensorFlow)
#   bench/peers/setup.sh bertopic   .venv-bertopic (BERTopic, for vectors that are given)
#   bench/peers/setup.sh setfit     .venv, and .venv-setfit beside it (SetFit, which brings a dozen packages of its own)
#   bench/peers/setup.sh cleanlab   .venv-cleanlab (cleanlab with scikit-learn)
#   bench/peers/setup.sh captum     .venv, with Captum in it
#   bench/peers/setup.sh fairlearn  .venv-fairlearn (Fairlearn and statsmodels, for the golden figures of audits)
#   bench/peers/setup.sh llama-cpp  llama-cpp/node_modules (llama.cpp by node-llama-cpp, its prebuilt binary for processors alone)
# PYTHON=python3.12 bench/peers/setup.sh chooses the interpreter.
set -euo pipefail
cd "$(dirname "$0")"
python="${PYTHON:-python3}"

make_venv() { # folder, requirements, more arguments for pip
  local stamp="$1/.requirements"
  if [ -x "$1/bin/python" ] && cmp -s "$2" "$stamp"; then
    echo "$1 is up to date"
    return
  fi
  [ -x "$1/bin/python" ] || "$python" -m venv "$1"
  install_in "$1" -r "$2" "${@:3}"
  cp "$2" "$stamp"
  echo "$1 is ready"
}

install_in() { # folder, arguments for pip
  "$1/bin/python" -m pip install --quiet --disable-pip-version-check "${@:2}"
}

make_bertopic() { # without what it needs to make vectors itself
  make_venv .venv-bertopic requirements-bertopic.txt
  install_in .venv-bertopic --no-deps bertopic==0.17.4
}

make_setfit() { # SetFit finds PyTorch and the rest in .venv: 6 GB that need not be there twice
  make_venv .venv requirements.txt
  local site='import sysconfig; print(sysconfig.get_path("purelib"))'
  if [ ! -x .venv-setfit/bin/python ]; then
    "$python" -m venv .venv-setfit
    "$PWD/.venv/bin/python" -c "$site" > "$(.venv-setfit/bin/python -c "$site")/beside.pth"
  fi
  make_venv .venv-setfit requirements-setfit.txt -c requirements.txt
}

make_captum() { # it asks for NumPy below 2 and needs none of what changed; matplotlib is imported, not used
  make_torch
  install_in .venv -c requirements.txt matplotlib==3.10.7 tqdm==4.70.1
  install_in .venv --no-deps captum==0.8.0
}

make_torch() { make_venv .venv requirements.txt; }
make_keras() { make_venv .venv-keras requirements-keras.txt; }
make_cleanlab() { make_venv .venv-cleanlab requirements-cleanlab.txt; }
make_fairlearn() { make_venv .venv-fairlearn requirements-fairlearn.txt; }

make_llama_cpp() { # without the binaries for graphics cards, which are 600 MB; nothing is run or built
  local version platform
  version="$(node -p "require('./llama-cpp/package.json').dependencies['node-llama-cpp']")"
  platform="$(node -p "({ linux: 'linux', darwin: 'mac', win32: 'win' })[process.platform] + '-' + process.arch")"
  [ "$platform" = mac-arm64 ] && platform=mac-arm64-metal
  if [ "$(node -p "require('./llama-cpp/node_modules/node-llama-cpp/package.json').version" 2> /dev/null)" = "$version" ]; then
    echo "llama-cpp is up to date"
    return
  fi
  (cd llama-cpp && npm install --no-save --no-package-lock --no-audit --no-fund --ignore-scripts --omit=optional \
    --loglevel=error "@node-llama-cpp/$platform@$version")
  echo "llama-cpp is ready"
}

case "${1:-all}" in
  torch | keras | bertopic | setfit | cleanlab | captum | fairlearn) "make_$1" ;;
  llama-cpp) make_llama_cpp ;;
  all)
    for part in torch keras bertopic setfit cleanlab captum fairlearn; do "make_$part"; done
    make_llama_cpp || echo "llama-cpp cannot be installed here: bench:decoders goes without it"
    ;;
  *)
    echo "setup.sh: '$1' is not a part; say torch, keras, bertopic, setfit, cleanlab, captum, fairlearn, llama-cpp or nothing for all" >&2
    exit 2
    ;;
esac
