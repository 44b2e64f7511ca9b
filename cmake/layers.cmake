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

add_library(qupel_options INTERFACE)
target_include_directories(qupel_options INTERFACE ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/generated)
target_compile_options(qupel_options INTERFACE -Wall -Wextra -Wconversion -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # It sees overlaps in std::string's operator+ where there are none (gcc.gnu.org/PR105651).
  target_compile_options(qupel_options INTERFACE -Wno-restrict)
endif()
# Contracting a*b+c into one instruction is a choice of the code (Highway's MulAdd), not of the compiler:
# results must not depend on which file the optimiser looked at.
target_compile_options(qupel_options INTERFACE -ffp-contract=off)
if(QUPEL_SANITIZE)
  target_compile_options(qupel_options INTERFACE -fsanitize=${QUPEL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -g1)
  target_compile_definitions(qupel_options INTERFACE QUPEL_SANITIZED)
  target_link_options(qupel_options INTERFACE -fsanitize=${QUPEL_SANITIZE})
  set(qupel_computes -O1)
  set(qupel_reads -O0)
else()
  set(qupel_computes -O3)
  set(qupel_reads -O1)
endif()
# What has little to compute compiles in two thirds of the time with less optimisation.
set(qupel_light_layers device record report cli)
set(qupel_heavy_tests circuit engine learn model baseline contenders)
target_link_libraries(qupel_options INTERFACE Threads::Threads fmt::fmt)

add_custom_target(qupel_version
  COMMAND ${CMAKE_COMMAND} -D SOURCE=${PROJECT_SOURCE_DIR} -D RELEASE=${PROJECT_VERSION}
          -D "COMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} ${CMAKE_BUILD_TYPE}"
          -D OUTPUT=${PROJECT_BINARY_DIR}/generated/qupel_version.h -P ${PROJECT_SOURCE_DIR}/cmake/version.cmake
  BYPRODUCTS ${PROJECT_BINARY_DIR}/generated/qupel_version.h
  COMMENT "Code version" VERBATIM)

# Sources of a layer that are compiled several at a time, so that what they include is read once: in about half the
# time. Not where a new file shall be free in its names, nor where speed matters, nor (qupel_apart) files whose names
# in an anonymous namespace stand in others, too.
set(qupel_merged circuit problem study record report cli)
string(CONCAT qupel_apart "/ops/|/circuit/(qasm|registry|qasm/value)\\.cc"
    "|/(calibration|encoding|training|verdict)_section\\.cc|/(forest|score_chart|text_table|summary_json|trial|trial_table|signals|explain|cell|number_column)\\.cc"
    "|/(trajectories|contenders|registry|table|tabular|statistics|html_report)\\.test\\.cc")

function(qupel_merge target)
  if(NOT QUPEL_UNITY)
    return()
  endif()
  set(apart ${ARGN})
  list(FILTER apart INCLUDE REGEX "${qupel_apart}")
  set_source_files_properties(${apart} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
endfunction()

set(qupel_needs_base OpenSSL::Crypto)
set(qupel_needs_circuit Eigen3::Eigen)
set(qupel_needs_device nlohmann_json::nlohmann_json)
set(qupel_needs_engine hwy)
set(qupel_needs_contend nlohmann_json::nlohmann_json)
set(qupel_needs_learn ${QUPEL_LIBSVM})
set(qupel_needs_baseline ${QUPEL_XGBOOST})
set(qupel_needs_study nlohmann_json::nlohmann_json)
set(qupel_needs_record SQLite::SQLite3)
set(qupel_needs_cli CLI11::CLI11)

function(qupel_layers)
  set(above qupel_options)
  foreach(layer IN LISTS ARGN)
    qupel_layer(${layer} ${above})
    set(above qupel_${layer})
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

  if(layer STREQUAL engine AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    # The order of instructions, not which: with 10 qubits many samples take 3 to 5 % less, on a processor of AMD, too.
    # Other kernels take as long or longer.
    set_source_files_properties(${dir}/statevector/kernels.cc ${dir}/tiled/kernels.cc
                                PROPERTIES COMPILE_OPTIONS -mtune=icelake-server)
  endif()

  set(kind PUBLIC)
  if(sources)
    add_library(qupel_${layer} STATIC ${sources})
  else()
    add_library(qupel_${layer} INTERFACE)
    set(kind INTERFACE)
  endif()
  target_link_libraries(qupel_${layer} ${kind} ${above} ${qupel_needs_${layer}})
  if(sources AND layer IN_LIST qupel_light_layers)
    target_compile_options(qupel_${layer} PRIVATE ${qupel_reads})
  elseif(sources)
    target_compile_options(qupel_${layer} PRIVATE ${qupel_computes})
  endif()
  if(sources AND layer IN_LIST qupel_merged)
    qupel_merge(qupel_${layer} ${sources})
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
    qupel_merge(${layer}_test ${tests})
    target_link_libraries(${layer}_test PRIVATE qupel_${layer} GTest::gmock GTest::gtest_main)
    if(layer IN_LIST qupel_heavy_tests)
      target_compile_options(${layer}_test PRIVATE -O1)
    else()
      target_compile_options(${layer}_test PRIVATE ${qupel_reads})
    endif()
    target_compile_definitions(${layer}_test PRIVATE QUPEL_SOURCE_DIR="${PROJECT_SOURCE_DIR}" QUPEL_BINARY_DIR="${PROJECT_BINARY_DIR}")
    # A test whose name starts with Slow carries the label "slow"; everything else is "fast".
    gtest_discover_tests(${layer}_test TEST_PREFIX "${layer}: " TEST_FILTER "-Slow*" DISCOVERY_TIMEOUT 120
                         PROPERTIES LABELS fast)
    gtest_discover_tests(${layer}_test TEST_PREFIX "${layer}: " TEST_FILTER "Slow*" TEST_LIST ${layer}_slow
                         DISCOVERY_TIMEOUT 120 PROPERTIES LABELS slow)
  endif()
  if(QUPEL_PERF AND perfs)
    find_package(benchmark REQUIRED)
    add_executable(${layer}_perf ${perfs})
    target_link_libraries(${layer}_perf PRIVATE qupel_${layer} benchmark::benchmark_main)
  endif()
endfunction()
