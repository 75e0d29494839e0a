# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
# What every target shares: language level, warnings, dependencies, and two helpers.

option(PILOTHOUSE_CONSOLE "Build the console, ctl and core library (needs Qt)" ON)
option(PILOTHOUSE_TESTS "Build the tests" ON)
option(PILOTHOUSE_BENCH "Build the benchmark program" OFF)
option(PILOTHOUSE_FUZZ "Only the libFuzzer programs and what they test, instrumented (clang)" OFF)
option(PILOTHOUSE_WERROR "Warnings are errors" OFF)
set(PILOTHOUSE_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
add_compile_options(-Wall -Wextra -Wno-missing-field-initializers)
# GCC 12 reports many false maybe-uninitialized in coroutine frames.
add_compile_options($<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-maybe-uninitialized>)
if(PILOTHOUSE_WERROR)
    add_compile_options(-Werror)
endif()
if(PILOTHOUSE_FUZZ)
    if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "PILOTHOUSE_FUZZ needs clang: installers/check --fuzz sets it up")
    endif()
    set(PILOTHOUSE_SANITIZE fuzzer-no-link,address,undefined)
    add_compile_options(-fno-sanitize-recover=all)
endif()
if(PILOTHOUSE_SANITIZE)
    add_compile_options(-fsanitize=${PILOTHOUSE_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${PILOTHOUSE_SANITIZE})
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Protobuf REQUIRED) # module mode, and before gRPC
find_package(gRPC CONFIG REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(nlohmann_json REQUIRED)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
if(PILOTHOUSE_CONSOLE)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets Svg DBus Network Test PrintSupport)
    find_package(QCoro6 REQUIRED COMPONENTS Core)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU") # clang 17 and later want no flag and refuse QCoro 0.8's
        qcoro_enable_coroutines()
    endif()
    find_package(QCustomPlotQt6 REQUIRED)
    find_package(tl-expected REQUIRED)
    find_package(libssh REQUIRED)
    find_package(SQLite3 REQUIRED)
    find_package(zstd REQUIRED)
    find_package(yaml-cpp REQUIRED)
    pkg_check_modules(libuv REQUIRED IMPORTED_TARGET libuv)
endif()

# pilothouse_core(NAME SOURCES... LINK targets...): one static library per folder of core.
# Headers are included as "core/FOLDER/file.h".
function(pilothouse_core name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
    add_library(core_${name} STATIC ${arg_SOURCES})
    target_include_directories(core_${name} PUBLIC ${CMAKE_SOURCE_DIR})
    set_target_properties(core_${name} PROPERTIES AUTOMOC ON)
    target_compile_definitions(core_${name} PUBLIC QT_NO_KEYWORDS QT_NO_CAST_TO_ASCII
        QT_NO_CAST_FROM_BYTEARRAY QT_NO_FOREACH)
    target_link_libraries(core_${name} PUBLIC Qt6::Core QCoro6::Core tl::expected ${arg_LINK})
endfunction()

# pilothouse_test(NAME SOURCES... LINK targets... [LABELS peer ...]): one QtTest program.
# Its totals are read from ${CMAKE_BINARY_DIR}/results/NAME.xml, since a QSKIP exits 0.
function(pilothouse_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;LINK;LABELS")
    add_executable(test_${name} ${arg_SOURCES})
    set_target_properties(test_${name} PROPERTIES AUTOMOC ON)
    target_include_directories(test_${name} PRIVATE ${CMAKE_SOURCE_DIR})
    target_compile_definitions(test_${name} PRIVATE
        PILOTHOUSE_SOURCE="${CMAKE_SOURCE_DIR}" PILOTHOUSE_BUILD="${CMAKE_BINARY_DIR}")
    target_link_libraries(test_${name} PRIVATE Qt6::Test ${arg_LINK})
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/results)
    add_test(NAME ${name} COMMAND test_${name} -o -,txt
        -o ${CMAKE_BINARY_DIR}/results/${name}.xml,junitxml)
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    if(PILOTHOUSE_SANITIZE) # several times slower
        math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 5")
    endif()
    set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8")
endfunction()
