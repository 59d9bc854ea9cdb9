// What is no table of stages is refused by an exception of one type. What is one is printed and read again with all its
// bits, and a method can be made of it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "azula/method/tabulated.hpp"
#include "azula/plan/read_stages.hpp"
#include "azula/plan/stage_table.hpp"
#include "support/same_stage.hpp"

namespace {

void require_same(const std::vector<azula::Stage>& stages) {
  std::stringstream text;
  text << stages;
  const std::vector<azula::Stage> again = azula::read_stages(text);
  if (again.size() != stages.size()) std::abort();
  for (std::size_t k = 0; k < stages.size(); ++k) {
    if (!same_stage(again[k], stages[k])) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream text(std::string(reinterpret_cast<const char*>(data), size));
  std::vector<azula::Stage> stages;
  try {
    stages = azula::read_stages(text);
  } catch (const std::invalid_argument&) {
    return 0;
  }
  require_same(stages);
  if (azula::Tabulated{stages}.times().size() < 2) std::abort();
  return 0;
}
