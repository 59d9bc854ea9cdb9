// expect: success
// What <windows.h> and <complex.h> define before a program's next line includes azula. Eigen and the standard library
// come first: their own care for such macros is not what is tested.
#include <Eigen/Dense>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <deque>
#include <exception>
#include <functional>
#include <initializer_list>
#include <limits>
#include <memory>
#include <numbers>
#include <optional>
#include <ostream>
#include <random>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#define I (__extension__ 1.0iF)
#define complex _Complex
#define imaginary _Imaginary

#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#define small char
#define hyper __int64
#define near
#define far
#define pascal __stdcall
#define cdecl
#define interface struct
#define IN
#define OUT
#define OPTIONAL
#define CONST const
#define VOID void
#define TRUE 1
#define FALSE 0
#define THIS void
#define DELETE (0x00010000L)
#define ERROR 0
#define NO_ERROR 0L
#define IGNORE 0
#define INFINITE 0xffffffff
#define STRICT 1
#define RELATIVE 2
#define ABSOLUTE 1
#define OPAQUE 2
#define DIFFERENCE 11
#define CALLBACK __stdcall

#include <azula/azula.hpp>
#include <azula/sample/parallel.hpp>
#include <azula/sample/pool.hpp>
#include <azula/sample/saved_run.hpp>
#include <azula/sample/step_log_density.hpp>
#include <azula/tune.hpp>

azula::zAB<3> method;
