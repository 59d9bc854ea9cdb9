#pragma once
/// \file

#include <exception>
#include <string>

/// What an exception of type E says that the call throws; empty if it throws none. Others pass through.
template <class E = std::exception, class Call>
std::string complaint(Call&& call) {
  try {
    call();
  } catch (const E& error) {
    return error.what();
  }
  return {};
}
