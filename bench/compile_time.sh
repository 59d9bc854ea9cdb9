#!/bin/sh
# Measures how much azula adds to the time to compile a program.
#
# It compiles the README's quick start (examples/first_sample.cpp); the same arithmetic with Eigen's Core alone; that
# arithmetic with a dense LU, by which azula solves for its weights; and the quick start with azula as one header
# (cmake/amalgamate.cmake). It also compiles the two includes alone. It prints medians of processor time. Each round
# compiles every program once, so that other load on the machine affects all programs alike.
#
#     bench/compile_time.sh [rounds, 5]          CXX, CXXFLAGS and EIGEN (its include directory) as usual
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rounds=${1:-5}
cxx=${CXX:-g++}
flags=${CXXFLAGS:--O2}
eigen=${EIGEN:-/usr/include/eigen3}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cp "$here/../examples/first_sample.cpp" "$scratch/quick_start.cpp"
cat > "$scratch/core.cpp" <<'END'
#include <Eigen/Core>

#include <cmath>
#include <cstdio>
#include <random>

int main() {
  Eigen::ArrayXXf x(784, 64);
  std::mt19937_64 engine(42);
  std::normal_distribution<float> normal;
  for (Eigen::Index i = 0; i < x.size(); ++i) x.data()[i] = normal(engine);
  Eigen::ArrayXXf mean(784, 64), z(784, 64), before(784, 64), first(784, 64);
  for (int i = 0; i < 32; ++i) {
    const float t = 1 - float(i) / 32, alpha = std::exp(-5 * t * t), sigma = std::sqrt(1 - alpha * alpha);
    mean = 2 + alpha * 0.25f / (alpha * alpha * 0.25f + sigma * sigma) * (x - alpha * 2);
    z = (x - alpha * mean) / sigma;
    x = 0.9f * x + 0.1f * mean + 0.01f * z - 0.01f * before + 0.01f * first;
    first.swap(before);
    before.swap(z);
  }
  const float average = x.mean();
  std::printf("mean %.3f, variance %.3f\n", average, (x - average).square().mean());
}
END
sed 's|<Eigen/Core>|<Eigen/Core>\n#include <Eigen/LU>|; s|^  const float average|  const Eigen::Matrix<double, 8, 8> a = x.topLeftCorner<8, 8>().matrix().cast<double>();\n  const Eigen::Matrix<double, 8, 1> w = a.partialPivLu().solve(a.col(0)); x(0) = float(w(0));\n&|' \
  "$scratch/core.cpp" > "$scratch/core_lu.cpp"
echo '#include <Eigen/Core>' > "$scratch/include_core.cpp"
echo '#include <azula/azula.hpp>' > "$scratch/include_azula.cpp"

cmake -D OUT="$scratch/azula.hpp" -P "$here/../cmake/amalgamate.cmake"
sed "s|<azula/azula.hpp>|\"$scratch/azula.hpp\"|" "$scratch/quick_start.cpp" > "$scratch/one_header.cpp"

programs="include_core core core_lu include_azula quick_start one_header"
round=0
while [ "$round" -lt "$rounds" ]; do
  for program in $programs; do
    # shellcheck disable=SC2086  # flags are several words
    bash -c "TIMEFORMAT='%U %S'; time $cxx -std=c++20 $flags -I'$here/../include' -isystem '$eigen' -c '$scratch/$program.cpp' -o '$scratch/out.o'" \
      2>> "$scratch/$program.times"
  done
  round=$((round + 1))
done

median() { awk '{print $1 + $2}' "$scratch/$1.times" | sort -n | sed -n "$(((rounds + 1) / 2))p"; }
core=$(median core)
echo "$($cxx --version | head -1), $flags, seconds of processor time, median of $rounds"
for program in $programs; do
  seconds=$(median "$program")
  echo "$program $seconds $core" | awk '{printf "%-18s%7.2f   %5.2f of the program on Core\n", $1, $2, $2 / $3}'
done
