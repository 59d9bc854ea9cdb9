// The one place that compiles the library: no other file sees its implementation, nor its warnings.
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb_image_write.h>
