/* SPDX-License-Identifier: GPL-2.0 */
/* The lists that module parameters hold: which card, which role, which name. */
#ifndef ISP_LIST_H
#define ISP_LIST_H

#include <linux/types.h>

/* Longest "DEVID=value" of a list, with its end. */
#define ISP_LIST_ITEM 64

/**
 * struct isp_list_addr - where a PCI function sits
 * @domain: 0 to 0xffff, or more where a host has made-up domains
 * @bus:    0 to 255
 * @slot:   0 to 31
 * @func:   0 to 7
 */
struct isp_list_addr {
	u32 domain;
	u8 bus;
	u8 slot;
	u8 func;
};

int isp_list_next(const char **list, char *item);
char *isp_list_value(char *item);
int isp_list_number(const char *word, u32 *num);
u32 isp_list_devid(const struct isp_list_addr *addr);
bool isp_list_devid_valid(const char *devid);
bool isp_list_devid_matches(const char *devid,
			    const struct isp_list_addr *addr);
int isp_list_role(const char *word, u8 *roles);
int isp_list_wwn(const char *word, unsigned int *chan, u64 *wwn);

#endif
