# find_package(qupel): the target qupel::qupel. A static library needs what it links beside it; a shared one has found it already.
include(CMakeFindDependencyMacro)
if(NOT @BUILD_SHARED_LIBS@)
  find_dependency(Threads)
  find_dependency(fmt)
  find_dependency(OpenSSL)
  find_dependency(SQLite3)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/qupel-targets.cmake)
