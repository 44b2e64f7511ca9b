# Writes generated/qupel_version.h: which sources this program was built from. Run at build time
# (cmake -P), so that it never lags behind; the file is touched only when it changes.
# Needs SOURCE, OUTPUT, RELEASE and COMPILER.

find_program(git git)
set(version "${RELEASE}")
if(git)
  execute_process(COMMAND ${git} -C ${SOURCE} describe --always --tags --abbrev=12 OUTPUT_VARIABLE commit
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    string(APPEND version "+${commit}")
    execute_process(COMMAND ${git} -C ${SOURCE} diff HEAD -- src cmake CMakeLists.txt OUTPUT_VARIABLE edits ERROR_QUIET)
    if(edits)
      string(SHA256 digest "${edits}")
      string(SUBSTRING ${digest} 0 8 digest)
      string(APPEND version ".edited-${digest}")
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#pragma once
#define QUPEL_VERSION \"${version}\"
#define QUPEL_COMPILER \"${COMPILER}\"
" @ONLY)
