// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_WIDE_VECTORS_H
#define IOTFLEET_FLEET_WIDE_VECTORS_H

/**
 * @def IOTFLEET_WIDE
 * Before a function: one build that runs on every machine of an architecture holds it twice, and
 * the program takes the one with the widest vectors that the machine has. For loops that compilers
 * turn into vector instructions; both give the same result. Nothing where the compiler has no such
 * thing, or where AddressSanitizer would see functions called before it is ready. Defining
 * IOTFLEET_PLAIN_VECTORS leaves the wide ones out (a test compares; a whole program can be built so
 * with -DCMAKE_CXX_FLAGS=-DIOTFLEET_PLAIN_VECTORS).
 */
#if !defined(IOTFLEET_PLAIN_VECTORS) && defined(__x86_64__) && defined(__GNUC__) &&                \
    !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define IOTFLEET_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define IOTFLEET_WIDE
#endif

#endif // IOTFLEET_FLEET_WIDE_VECTORS_H
