// expect: azula::zAB<N>: the order N must be from 1 to 8
#include <azula/azula.hpp>

azula::zAB<0> method;
