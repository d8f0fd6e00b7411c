/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: tables of hash chains. */
#ifndef SHIM_LINUX_HASHTABLE_H
#define SHIM_LINUX_HASHTABLE_H

#include <linux/array_size.h>
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/log2.h>

#define DECLARE_HASHTABLE(name, bits) struct hlist_head name[1 << (bits)]
#define HASH_SIZE(name) ARRAY_SIZE(name)
#define HASH_BITS(name) ilog2(HASH_SIZE(name))
#define hash_min(val, bits)                             \
	(sizeof(val) <= 4 ? hash_32((u32)(val), bits) : \
			    hash_64((u64)(val), bits))
#define hash_init(table)                                             \
	do {                                                         \
		for (size_t shim_i_ = 0; shim_i_ < HASH_SIZE(table); \
		     shim_i_++)                                      \
			INIT_HLIST_HEAD(&(table)[shim_i_]);          \
	} while (0)
#define hash_add(table, node, key) \
	hlist_add_head(node, &(table)[hash_min(key, HASH_BITS(table))])
#define hash_del(node) hlist_del_init(node)
#define hash_for_each_possible(name, obj, member, key)                     \
	hlist_for_each_entry(obj, &(name)[hash_min(key, HASH_BITS(name))], \
			     member)

#endif
