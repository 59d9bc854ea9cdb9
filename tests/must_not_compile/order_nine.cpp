// expect: azula::xEAB<N>: the order N must be from 1 to 8
#include <azula/azula.hpp>

azula::xEAB<9> method;
