// expect: azula::Churned: this method has churn of its own, as Heun{.churn}
#include <azula/azula.hpp>

azula::Churned<azula::Heun> method{};
