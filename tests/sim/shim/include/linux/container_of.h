/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: from a member to what contains it. */
#ifndef SHIM_LINUX_CONTAINER_OF_H
#define SHIM_LINUX_CONTAINER_OF_H

#include <stddef.h>

#ifdef __cppcheck__
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr)-offsetof(type, member)))
#else
#define container_of(ptr, type, member)                                    \
	({                                                                 \
		void *shim_p_ = (void *)(ptr);                             \
		_Static_assert(__builtin_types_compatible_p(               \
				       __typeof__(*(ptr)),                 \
				       __typeof__(((type *)0)->member)) || \
				       __builtin_types_compatible_p(       \
					       __typeof__(*(ptr)), void),  \
			       "pointer type mismatch in container_of");   \
		((type *)((char *)shim_p_ - offsetof(type, member)));      \
	})
#endif
#define container_of_const(ptr, type, member) container_of(ptr, type, member)
#define typeof_member(T, m) __typeof__(((T *)0)->m)

#endif
