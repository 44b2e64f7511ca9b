# A file's suffix is its build role: x.cc goes into its layer's library, x.test.cc into the layer's test program,
# x.perf.cc into its benchmark program. Adding a file edits no list.

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(HWY QUIET)
find_package(Eigen3 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(Boost REQUIRED)
find_package(CLI11 REQUIRED)
find_library(QUPEL_LIBSVM svm REQUIRED)
find_library(QUPEL_XGBOOST xgboost REQUIRED)
find_library(QUPEL_LIBINT int2 REQUIRED)
find_library(QUPEL_CBC CbcSolver)  # without it the contender cbc says so, and fewer optima of integer programs are proven

add_library(qupel_options INTERFACE)
target_include_directories(qupel_options INTERFACE ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/generated)
target_compile_options(qupel_options INTERFACE -Wall -Wextra -Wconversion -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # It sees overlaps in std::string's operator+ where there are none (gcc.gnu.org/PR105651).
  target_compile_options(qupel_options INTERFACE -Wno-restrict)
endif()
if(QUPEL_JOINED)
  # A name of one source may hide one of the next that is compiled with it: a plain cmake looks at each alone.
  target_compile_options(qupel_options INTERFACE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  # The sources of a large folder need almost two gigabytes: no more compilers at once than the memory holds.
  cmake_host_system_information(RESULT memory QUERY TOTAL_PHYSICAL_MEMORY)  # in MiB
  math(EXPR compilers "${memory} / 2000 + 1")
  set_property(GLOBAL APPEND PROPERTY JOB_POOLS qupel_compilers=${compilers})
  set(CMAKE_JOB_POOL_COMPILE qupel_compilers)
endif()
# Contracting a*b+c into one instruction is a choice of the code (Highway's MulAdd), not of the compiler:
# results must not depend on which file the optimiser looked at.
target_compile_options(qupel_options INTERFACE -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # It collects garbage once 128 MB are in use, which the common headers alone take, and that takes 7 to 30 % of a source's time.
  # So it starts at half a gigabyte.
  target_compile_options(qupel_options INTERFACE "SHELL:--param ggc-min-heapsize=500000")
endif()
if(CMAKE_POSITION_INDEPENDENT_CODE AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # Functions are inlined in position-independent code as in a program; clang does so anyway.
  target_compile_options(qupel_options INTERFACE -fno-semantic-interposition)
endif()
if(QUPEL_SANITIZE)
  target_compile_options(qupel_options INTERFACE -fsanitize=${QUPEL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -g1)
  target_compile_definitions(qupel_options INTERFACE QUPEL_SANITIZED)
  target_link_options(qupel_options INTERFACE -fsanitize=${QUPEL_SANITIZE})
  set(qupel_optimised -O1)
  set(qupel_plain -O1)
  set(qupel_cold -O0)
else()
  set(qupel_optimised -O3)
  set(qupel_plain -O2)
  set(qupel_cold -O1)
endif()
# Layers that compute, and layers that hardly do: these compile in two thirds of the time with less optimisation.
set(qupel_optimised_layers base compile engine electrons train learn model baseline)
set(qupel_cold_layers device contend contenders study record report cli)
# Layers whose sources are compiled as one even without QUPEL_JOINED, because most of the time of each goes into the
# same code of a library: the command line in a sixth of the time (CLI11's classes).
set(QUPEL_JOINED_LAYERS cli CACHE STRING "layers compiled as one even without QUPEL_JOINED")
# Layers that stay apart even with it: encodings all define circuit and cost.
set(qupel_apart_layers encode)
# Sources that stay apart because they alone may use what is forbidden to their layer: scripts/check-layers finds that in objects.
set(qupel_apart_sources base/file base/parallel learn/libsvm problem/molecule/integrals study/toml_reader contend/program record/lock)
set(qupel_heavy_tests circuit engine electrons learn model baseline contenders)
target_link_libraries(qupel_options INTERFACE Threads::Threads fmt::fmt)

add_custom_target(qupel_version
  COMMAND ${CMAKE_COMMAND} -D SOURCE=${PROJECT_SOURCE_DIR} -D RELEASE=${PROJECT_VERSION}
          -D "COMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} ${CMAKE_BUILD_TYPE}"
          -D OUTPUT=${PROJECT_BINARY_DIR}/generated/qupel_version.h -P ${PROJECT_SOURCE_DIR}/cmake/version.cmake
  BYPRODUCTS ${PROJECT_BINARY_DIR}/generated/qupel_version.h
  COMMENT "Code version" VERBATIM)

# What nearly every source includes is read once for each level of optimisation: sources compile in two thirds of the time.
# A source still names all that it uses; scripts/check-tidy compiles without this.
set(qupel_often_included <fmt/format.h> <fmt/ranges.h> <algorithm> <array> <cmath> <cstdint> <filesystem> <functional> <map> <memory>
    <numeric> <optional> <span> <string> <string_view> <tuple> <utility> <variant> <vector>)

function(qupel_precompile target level kind)
  set(shared qupel_headers_${kind}${level})
  if(NOT TARGET ${shared})
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/${shared}.cc CONTENT "")
    add_library(${shared} OBJECT ${PROJECT_BINARY_DIR}/generated/${shared}.cc)
    target_link_libraries(${shared} PRIVATE qupel_options ${ARGN})
    target_compile_options(${shared} PRIVATE ${level})
    if(kind STREQUAL test)
      set_target_properties(${shared} PROPERTIES POSITION_INDEPENDENT_CODE OFF)  # as the programs that use it
    endif()
    target_precompile_headers(${shared} PRIVATE ${qupel_often_included} ${qupel_${kind}_includes})
  endif()
  target_precompile_headers(${target} REUSE_FROM ${shared})
endfunction()
set(qupel_cli_includes <CLI/CLI.hpp>)
set(qupel_test_includes <gmock/gmock.h> <gtest/gtest.h>)

set(qupel_needs_base OpenSSL::Crypto Eigen3::Eigen)
set(qupel_needs_device nlohmann_json::nlohmann_json)
set(qupel_needs_engine hwy)
set(qupel_needs_problem ${QUPEL_LIBINT})
set(qupel_needs_contend nlohmann_json::nlohmann_json)
set(qupel_needs_learn ${QUPEL_LIBSVM})
set(qupel_needs_baseline ${QUPEL_XGBOOST})
if(QUPEL_CBC)
  list(APPEND qupel_needs_problem ${QUPEL_CBC})
  set_source_files_properties(src/qupel/problem/optimization/branch_and_cut.cc PROPERTIES COMPILE_DEFINITIONS QUPEL_CBC)
endif()
set(qupel_needs_study nlohmann_json::nlohmann_json)
set(qupel_needs_record SQLite::SQLite3)
set(qupel_needs_cli CLI11::CLI11)

function(qupel_layers)
  set(qupel_layers ${ARGN} PARENT_SCOPE)
  set(above qupel_options)
  foreach(layer IN LISTS ARGN)
    qupel_layer(${layer} ${above})
    set(above qupel_${layer})
  endforeach()
endfunction()

# How a layer's library is compiled. Kernels, which are compiled once for each instruction set, need no common headers.
function(qupel_optimise layer sources)
  set(level ${qupel_plain})
  set(kind library)
  if(layer IN_LIST qupel_optimised_layers)
    set(level ${qupel_optimised})
  elseif(layer IN_LIST qupel_cold_layers)
    set(level ${qupel_cold})
  endif()
  if(layer STREQUAL cli)
    set(kind cli)
  endif()
  target_compile_options(qupel_${layer} PRIVATE ${level})
  qupel_precompile(qupel_${layer} ${level} ${kind} ${qupel_needs_${layer}})
  foreach(source IN LISTS qupel_apart_sources)
    set_source_files_properties(src/qupel/${source}.cc PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endforeach()
  foreach(source IN LISTS sources)
    if(source MATCHES "molecule/integrals\\.cc$")  # libint's templates take minutes and gigabytes to optimise, and little time to run
      set_source_files_properties(${source} PROPERTIES SKIP_PRECOMPILE_HEADERS ON COMPILE_OPTIONS -O0)
    endif()
    file(STRINGS ${source} highway REGEX "#include .(hwy/|qupel/engine/.*targets\\.h)" LIMIT_COUNT 1)
    if(highway)
      set_source_files_properties(${source} PROPERTIES SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
      if(QUPEL_NATIVE)
        set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS -march=native)
      endif()
    endif()
  endforeach()
endfunction()

# Compiles the sources of a folder as one: never of two folders, which may be floors of a layer that scripts/check-layers
# tells apart. (Kernels, which are compiled for each instruction set, stay alone.)
function(qupel_join target sources)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  foreach(source IN LISTS sources)
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(GET folder FILENAME name)
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${name})
  endforeach()
endfunction()

function(qupel_layer layer above)
  set(dir ${PROJECT_SOURCE_DIR}/src/qupel/${layer})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${dir}/*.cc)
  set(tests ${sources})
  set(perfs ${sources})
  list(FILTER tests INCLUDE REGEX "\\.test\\.cc$")
  list(FILTER perfs INCLUDE REGEX "\\.perf\\.cc$")
  list(FILTER sources EXCLUDE REGEX "(\\.test|\\.perf|/main)\\.cc$")

  set(kind PUBLIC)
  if(sources)
    add_library(qupel_${layer} STATIC ${sources})
  else()
    add_library(qupel_${layer} INTERFACE)
    set(kind INTERFACE)
  endif()
  target_link_libraries(qupel_${layer} ${kind} ${above} ${qupel_needs_${layer}})
  if(sources)
    qupel_optimise(${layer} "${sources}")
    # scripts/check-tidy looks at files one by one.
    if(((QUPEL_JOINED AND NOT layer IN_LIST qupel_apart_layers) OR layer IN_LIST QUPEL_JOINED_LAYERS) AND NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
      qupel_join(qupel_${layer} "${sources}")
    endif()
  endif()
  if(layer STREQUAL base)
    target_link_libraries(qupel_base PUBLIC qupel_embedded)
  endif()
  if(layer STREQUAL record)
    add_dependencies(qupel_record qupel_version)
  endif()

  if(EXISTS ${dir}/main.cc)
    add_executable(qupel ${dir}/main.cc)
    target_link_libraries(qupel PRIVATE qupel_${layer})
    set_target_properties(qupel PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
  endif()
  if(QUPEL_TESTS AND tests)
    find_package(GTest REQUIRED)
    include(GoogleTest)
    add_executable(${layer}_test ${tests})
    set_target_properties(${layer}_test PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_link_libraries(${layer}_test PRIVATE qupel_${layer} GTest::gmock GTest::gtest_main)
    set(level ${qupel_cold})
    if(layer IN_LIST qupel_heavy_tests)
      set(level -O1)
    endif()
    target_compile_options(${layer}_test PRIVATE ${level})
    qupel_precompile(${layer}_test ${level} test GTest::gmock)
    if(QUPEL_JOINED AND NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
      qupel_join(${layer}_test "${tests}")
    endif()
    target_compile_definitions(${layer}_test PRIVATE QUPEL_SOURCE_DIR="${PROJECT_SOURCE_DIR}" QUPEL_BINARY_DIR="${PROJECT_BINARY_DIR}")
    # A test whose name starts with Slow carries the label "slow"; everything else is "fast".
    gtest_discover_tests(${layer}_test TEST_PREFIX "${layer}: " TEST_FILTER "-Slow*" DISCOVERY_TIMEOUT 120 NO_PRETTY_VALUES
                         PROPERTIES LABELS fast)
    gtest_discover_tests(${layer}_test TEST_PREFIX "${layer}: " TEST_FILTER "Slow*" TEST_LIST ${layer}_slow
                         DISCOVERY_TIMEOUT 120 NO_PRETTY_VALUES PROPERTIES LABELS slow)
  endif()
  if(QUPEL_PERF AND perfs)
    find_package(benchmark REQUIRED)
    add_executable(${layer}_perf ${perfs})
    target_link_libraries(${layer}_perf PRIVATE qupel_${layer} benchmark::benchmark_main)
  endif()
endfunction()
