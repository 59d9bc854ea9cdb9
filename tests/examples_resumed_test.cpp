#include "catch.hpp"

#include "support/temporary_file.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace {

std::string content(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("a run of one process goes on in others, which end with the bits of a run of one", "[examples][saved]") {
  const TemporaryFile saved(""), output("");
  const auto call = [&] {
    const std::string command = AZULA_EXAMPLES_PROGRAMS "/resumed " + saved.path().string() + " >" + output.path().string();
    return std::system((command + " 2>&1").c_str());
  };
  CHECK(call() != 0);
  CHECK(content(output.path()).find("must be those of a saved run, which begin with azulaRun, got none") != std::string::npos);
  std::filesystem::remove(saved.path());
  REQUIRE(call() == 0);
  CHECK(content(output.path()) == "steps 0 to 3\n");
  REQUIRE(std::filesystem::exists(saved.path()));
  REQUIRE(call() == 0);
  CHECK(content(output.path()) == "steps 3 to 6\n");
  REQUIRE(call() == 0);
  CHECK(content(output.path()) == "steps 6 to 8\ndone, as if never interrupted: yes\n");
  CHECK_FALSE(std::filesystem::exists(saved.path()));
}
