#!/usr/bin/env bash
# Builds KenLM's programs (lmplz, build_binary, query) from the source package on PyPI into bench/peers/kenlm/bin.
# Needs a C++ compiler, CMake and Boost (Debian: libboost-program-options-dev libboost-system-dev libboost-thread-dev).
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p kenlm
python="${PYTHON:-python3}"
"$python" -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: --dest kenlm kenlm==0.3.0
tar -xzf kenlm/kenlm-0.3.0.tar.gz -C kenlm
# Its tests would need one more part of Boost.
sed -i.original '/unit_test_framework/d' kenlm/kenlm-0.3.0/CMakeLists.txt
cmake -S kenlm/kenlm-0.3.0 -B kenlm/build -DCMAKE_BUILD_TYPE=Release -DENABLE_PYTHON=OFF -DBUILD_TESTING=OFF
cmake --build kenlm/build --target lmplz build_binary query
mkdir -p kenlm/bin
cp kenlm/build/bin/* kenlm/bin/
echo "kenlm/bin is ready"
