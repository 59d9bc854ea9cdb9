#pragma once
/// \file
/// Checks whether numbers of some shape can be spread over a state, see Broadcast.
///
/// The numbers are any object with rank(), extent(i) and size(), such as GivenNumbers.

#include <Eigen/Core>

#include <cstddef>
#include <string>

#include "azula/error.hpp"
#include "azula/state.hpp"

namespace azula {

/// The shape of numbers as error messages show it, such as "8 x 1".
template <class N>
std::string extents_text(const N& numbers) {
  std::string text;
  for (Index i = 0; i < numbers.rank(); ++i) text += (i ? " x " : "") + std::to_string(numbers.extent(i));
  return text;
}

/// Whether two sets of numbers have the same shape: the same extents, or a single number each.
template <class A, class B>
bool same_extents(const A& a, const B& b) {
  if (a.size() == 1 || b.size() == 1) return a.size() == b.size();
  if (a.rank() != b.rank()) return false;
  for (Index i = 0; i < a.rank(); ++i) {
    if (a.extent(i) != b.extent(i)) return false;
  }
  return true;
}

/// Whether there is one number for each value of the state.
template <class N, State X>
bool is_whole(const N& numbers, const X& like) {
  if (numbers.rank() != rank(like)) return false;
  for (Index i = 0; i < numbers.rank(); ++i) {
    if (numbers.extent(i) != extent(like, i)) return false;
  }
  return true;
}

/// Whether these are the numbers of one sample: a column of its values, or the shape of the state with the index of
/// the samples missing or 1.
template <class N, State X>
bool is_sample(const N& numbers, const X& like) {
  const std::ptrdiff_t size = numbers.size();
  const Index given = numbers.rank(), wanted = rank(like);
  if (given <= 2 && numbers.extent(0) == size && size == sample_shape(like).size) return true;
  const Index batch = is_row_major<X> ? 0 : wanted - 1;
  if (given != wanted && given + 1 != wanted) return false;
  for (Index k = 0, i = 0; k < wanted; ++k) {
    if (k == batch && given < wanted) continue;
    if (numbers.extent(i++) != (k == batch ? 1 : extent(like, k))) return false;
  }
  return true;
}

/// Checks that numbers have the shape of a sample of the state, or the shape of the state.
///
/// It is kept out of line, because most numbers are single ones and need none of this.
/// \throws std::invalid_argument if they have neither shape.
template <class N, State X>
EIGEN_DONT_INLINE void require_fit(const char* where, const char* what, const N& numbers, const X& like) {
  if (is_whole(numbers, like) || is_sample(numbers, like)) return;
  const std::string one = std::to_string(sample_shape(like).size);
  const std::string rule = join({what, " must be one number, have the shape of a sample (", one, ") or of the state (",
                                 shape_text(like), ")"});
  reject(where, rule, extents_text(numbers));
}

}  // namespace azula
