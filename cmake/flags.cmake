# Compiler and linker flags of every target.
add_library(pamoja_flags INTERFACE)
target_compile_options(pamoja_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                       -fPIE -fstack-protector-strong -fno-omit-frame-pointer)
if(PAMOJA_WERROR)
    target_compile_options(pamoja_flags INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 invents these in optimised std::string and std::variant code.
    target_compile_options(pamoja_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds -fpch-preprocess)
endif()
target_compile_definitions(pamoja_flags INTERFACE $<$<CONFIG:Release>:_FORTIFY_SOURCE=2 _GLIBCXX_ASSERTIONS>)
target_include_directories(pamoja_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_link_options(pamoja_flags INTERFACE -pie -fuse-ld=mold -Wl,-z,relro,-z,now)
if(PAMOJA_SANITIZE)
    target_compile_options(pamoja_flags INTERFACE -fsanitize=${PAMOJA_SANITIZE} -O1 -g)
    target_link_options(pamoja_flags INTERFACE -fsanitize=${PAMOJA_SANITIZE})
endif()
# Assertions state what the programmer guarantees; they stay on in a release that handles money.
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
