#include "draw.hpp"

Eigen::Array3d draw_in_other_unit() { return draw(); }
