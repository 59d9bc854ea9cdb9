// expect: azula::Ancestral: the method inside counts on where the step before led, which noise changes
#include <azula/azula.hpp>

azula::Ancestral<azula::UniPC<3>> method{};
