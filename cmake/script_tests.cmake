# Tests that build or link, for a release (ctest -L release): they need a whole build by ninja.

function(qupel_script_tests)
  if(NOT QUPEL_TESTS OR QUPEL_SANITIZE OR NOT TARGET qupel)
    return()
  endif()
  set(scripts ${PROJECT_SOURCE_DIR}/scripts)
  add_test(NAME "scripts: check-layers sees every way around the layers"
           COMMAND ${scripts}/check-layers --self-test ${PROJECT_BINARY_DIR})
  add_test(NAME "scripts: the installed library is found by a consumer" COMMAND ${scripts}/check-install installed ${PROJECT_BINARY_DIR})
  add_test(NAME "scripts: a consumer builds a shared library from the sources" COMMAND ${scripts}/check-install shared)
  set_tests_properties("scripts: check-layers sees every way around the layers"
                       "scripts: the installed library is found by a consumer"
                       "scripts: a consumer builds a shared library from the sources"
                       PROPERTIES LABELS "slow;release" TIMEOUT 1500 PROCESSORS 2)
endfunction()
