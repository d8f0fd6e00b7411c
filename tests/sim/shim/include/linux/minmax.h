/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: least and greatest. */
#ifndef SHIM_LINUX_MINMAX_H
#define SHIM_LINUX_MINMAX_H

#define min(x, y)                                      \
	({                                             \
		__typeof__(x) shim_x_ = (x);           \
		__typeof__(y) shim_y_ = (y);           \
		shim_x_ < shim_y_ ? shim_x_ : shim_y_; \
	})
#define max(x, y)                                      \
	({                                             \
		__typeof__(x) shim_x_ = (x);           \
		__typeof__(y) shim_y_ = (y);           \
		shim_x_ > shim_y_ ? shim_x_ : shim_y_; \
	})
#define min_t(type, x, y)                                  \
	({                                                 \
		type shim_tx_ = (x);                       \
		type shim_ty_ = (y);                       \
		shim_tx_ < shim_ty_ ? shim_tx_ : shim_ty_; \
	})
#define max_t(type, x, y)                                  \
	({                                                 \
		type shim_tx_ = (x);                       \
		type shim_ty_ = (y);                       \
		shim_tx_ > shim_ty_ ? shim_tx_ : shim_ty_; \
	})
#define min3(x, y, z) min(min(x, y), z)
#define max3(x, y, z) max(max(x, y), z)
#define clamp_t(type, val, lo, hi) min_t(type, max_t(type, val, lo), hi)
#define clamp(val, lo, hi) clamp_t(__typeof__(val), val, lo, hi)
#define swap(a, b)                           \
	do {                                 \
		__typeof__(a) shim_s_ = (a); \
		(a) = (b);                   \
		(b) = shim_s_;               \
	} while (0)

#endif
