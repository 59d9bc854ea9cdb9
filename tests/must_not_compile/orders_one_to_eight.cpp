// expect: success
#include <azula/azula.hpp>

azula::zAB<1> lowest;
azula::zAB<8> highest;
azula::xEAB<1> lowest_of_another;
azula::xEAB<8> highest_of_another;
