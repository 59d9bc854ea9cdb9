// expect: azula::Ancestral: the method inside relies on the state where its last step ended, and noise moves that
#include <azula/azula.hpp>

azula::Ancestral<azula::UniPC<3>> method{};
