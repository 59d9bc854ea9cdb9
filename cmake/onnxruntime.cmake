# ONNX Runtime as the target azula_onnxruntime, if it is found: installed, or where fetch_onnxruntime.sh has put it.
set(AZULA_ONNXRUNTIME_DIR "" CACHE PATH "Where ONNX Runtime is, in include and lib, if it is not installed")
set(places ${AZULA_ONNXRUNTIME_DIR} ${PROJECT_SOURCE_DIR}/build/onnxruntime)
find_path(ONNXRUNTIME_INCLUDE_DIR onnxruntime_cxx_api.h HINTS ${places}
  PATH_SUFFIXES include onnxruntime onnxruntime/core/session)
find_library(ONNXRUNTIME_LIBRARY NAMES onnxruntime libonnxruntime.so.1 HINTS ${places} PATH_SUFFIXES lib)
mark_as_advanced(ONNXRUNTIME_INCLUDE_DIR ONNXRUNTIME_LIBRARY)
if(ONNXRUNTIME_INCLUDE_DIR AND ONNXRUNTIME_LIBRARY)
  add_library(azula_onnxruntime INTERFACE)
  target_include_directories(azula_onnxruntime SYSTEM INTERFACE ${ONNXRUNTIME_INCLUDE_DIR})
  target_link_libraries(azula_onnxruntime INTERFACE ${ONNXRUNTIME_LIBRARY})
elseif(AZULA_ONNXRUNTIME_DIR)
  message(FATAL_ERROR "azula: there is no ONNX Runtime in AZULA_ONNXRUNTIME_DIR, ${AZULA_ONNXRUNTIME_DIR}")
endif()
