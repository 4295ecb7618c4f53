/* What the compiled kernels share: they compute what numpy computes elsewhere in this program, the
 * same to rounding, and trust no offset of a mapped file. Nothing is allocated that outlives a
 * call.
 */
#ifndef TIAOWEN_KERNELS_H
#define TIAOWEN_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* One library runs on every machine of its architecture: the loops over vectors are compiled for
 * several of its generations, and the loader takes the one that is there. */
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
#define WIDE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WIDE
#endif

#ifdef __GNUC__
#define EXPORTED __attribute__((visibility("default")))
#else
#define EXPORTED
#endif

/* vectors.c */
EXPORTED int64_t tiaowen_cosines(const uint16_t *matrix, int64_t height, int64_t dimensions,
                                 const float *query, const int64_t *rows, int64_t count,
                                 float *out);

enum { OK = 0, DAMAGED = -1, NO_MEMORY = -2 };

#endif
