#pragma once
// Eigen asks for it where there is SSE. That of WebAssembly has no MMX, and emscripten no header for it.
