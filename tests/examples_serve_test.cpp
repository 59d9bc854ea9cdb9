#include "catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace {

using Json = nlohmann::json;

const std::string programs = AZULA_EXAMPLES_PROGRAMS;

/// An empty folder, gone at the end.
struct Folder {
  Folder() : path(std::filesystem::temp_directory_path() / ("azula_serve_" + std::to_string(std::random_device{}()))) {
    std::filesystem::create_directory(path);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path); }

  std::string operator/(const std::string& name) const { return (path / name).string(); }

  std::filesystem::path path;
};

std::string bytes(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

int run(const std::string& command) {
  return std::system(command.c_str());
}

/// The answers of `serve` to these lines.
std::vector<Json> serve(const Folder& folder, const std::vector<std::string>& lines) {
  std::ofstream in(folder / "in");
  for (const std::string& line : lines) in << line << '\n';
  in.close();
  REQUIRE(run(programs + "/serve < " + (folder / "in") + " > " + (folder / "out")) == 0);
  std::ifstream out(folder / "out");
  std::vector<Json> answers;
  for (std::string line; std::getline(out, line);) answers.push_back(Json::parse(line));
  return answers;
}

/// What can be drawn: of each of these the requests differ in nothing but their file.
const std::vector<Json> kinds{
    {{"class", 8}, {"method", "xEAB2"}, {"steps", 3}, {"guidance", 2}, {"seed", 1}},
    {{"class", 3}, {"method", "DDPM"}, {"steps", 2}, {"guidance", 1}, {"seed", 2}},
    {{"class", 10}, {"method", "Heun"}, {"steps", 2}, {"guidance", 1.5}, {"seed", 3}},
    {{"class", 0}, {"method", "Euler"}, {"steps", 4}, {"guidance", 0}, {"seed", 4}},
    {{"class", 5}, {"method", "EulerAncestral"}, {"steps", 3}, {"guidance", 1}, {"seed", 5}},
    {{"class", 9}, {"method", "UniPC3"}, {"steps", 3}, {"guidance", 3}, {"seed", 6}},
};

/// The same drawn by `fashion`, alone.
std::string alone(const Folder& folder, const Json& kind) {
  const std::string picture = folder / "alone.png";
  const auto option = [&](const char* name) { return " " + kind.at(name).dump(); };
  const std::string options = " --count 1 --label" + option("class") + " --method" + option("method") + " --steps" +
                              option("steps") + " --guidance" + option("guidance") + " --seed" + option("seed");
  REQUIRE(run(programs + "/fashion" + options + " --out " + picture + " > /dev/null 2>&1") == 0);
  return bytes(picture);
}

}  // namespace

TEST_CASE("of two hundred requests served at once none is lost, and each picture is the one drawn alone",
          "[examples]") {
  const Folder folder;
  std::mt19937 random(3);
  constexpr int count = 200;
  std::vector<std::string> lines;
  std::map<int, std::size_t> kind_of;
  for (int id = 0; id < count; ++id) {
    const std::size_t k = random() % kinds.size();
    kind_of[id] = k;
    Json line = kinds[k];
    line["id"] = id;
    // Every tenth has nowhere to go, which shows when it has been drawn.
    line["file"] = id % 10 == 7 ? folder / "no/such/folder.png" : folder / (std::to_string(id) + ".png");
    lines.push_back(line.dump());
  }
  std::shuffle(lines.begin(), lines.end(), random);
  const auto insert = [&](const std::string& line) {
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(random() % lines.size()), line);
  };
  for (int i = 0; i < 40; ++i) insert(Json{{"cancel", random() % count}}.dump());
  for (int i = 0; i < 10; ++i) insert(R"({"id": "bad", "class": 11, "file": "x.png"})");

  std::map<int, std::string> outcomes;
  int bad = 0;
  for (const Json& answer : serve(folder, lines)) {
    if (answer.at("outcome") == "refused") {
      bad += answer.contains("cancel") ? 0 : 1;  // a cancellation that came too early or too late
      continue;
    }
    CHECK(outcomes.emplace(answer.at("id").get<int>(), answer.at("outcome")).second);
    CHECK(answer.at("seconds").get<double>() > 0);
  }
  CHECK(bad == 10);
  REQUIRE(outcomes.size() == count);
  std::vector<std::string> expected;
  for (const Json& kind : kinds) expected.push_back(alone(folder, kind));
  int finished = 0;
  for (const auto& [id, outcome] : outcomes) {
    CAPTURE(id, outcome);
    const std::string file = folder / (std::to_string(id) + ".png");
    if (outcome == "finished") {
      ++finished;
      CHECK(bytes(file) == expected[kind_of[id]]);
    } else {
      CHECK((outcome == "cancelled" || (outcome == "failed" && id % 10 == 7)));
      CHECK_FALSE(std::filesystem::exists(file));
    }
  }
  CHECK(finished >= 140);
}

TEST_CASE("a bad line is answered with what is wrong with it", "[examples]") {
  const Folder folder;
  const auto answer = [&](const std::string& line) {
    const std::vector<Json> answers = serve(folder, {"", line});
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].at("outcome") == "refused");
    CHECK(answers[0].at("line") == 2);
    return answers[0].at("error").get<std::string>();
  };
  CHECK(answer("[1]") == "a line must be an object, got [1]");
  CHECK(answer(R"({"id": 1, "file": )").find("parse error") != std::string::npos);
  CHECK(answer(R"({"id": 1})") == "file must be there, got none");
  CHECK(answer(R"({"id": 1, "file": 2})") == "file must be a string, got 2");
  CHECK(answer(R"({"id": 1, "file": "x", "class": 11})") == "class must be a number from 0 to 10, got 11");
  CHECK(answer(R"({"id": 1, "file": "x", "steps": 2.5})") == "steps must be a whole number, got 2.5");
  CHECK(answer(R"({"id": 1, "file": "x", "size": 3})") == "there is no \"size\" in a request");
  CHECK(answer(R"({"id": 1, "file": "x", "method": "Oiler"})").find("a method must be one of DDPM") !=
        std::string::npos);
  CHECK(answer(R"({"cancel": 1})") == "no request of this id is under way");
}

TEST_CASE("a preview is written where one is asked for", "[examples]") {
  const Folder folder;
  const Json line{{"id", "a"}, {"steps", 2}, {"file", folder / "a.png"}, {"preview", folder / "soon.png"}};
  const std::vector<Json> answers = serve(folder, {line.dump()});
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].at("outcome") == "finished");
  CHECK(bytes(folder / "soon.png").starts_with("\x89PNG"));
  CHECK(bytes(folder / "a.png").starts_with("\x89PNG"));
}
