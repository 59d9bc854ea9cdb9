#include "draw.hpp"

int main() { return (draw() == draw_in_other_unit()).all() ? 0 : 1; }
