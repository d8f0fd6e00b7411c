// SPDX-License-Identifier: GPL-2.0
/* The commands of the vfio-user protocol. */
#include "vfu/vfu_int.h"

#include "vfu/guard.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <linux/magic.h>
#include <linux/vfio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>

static const char version_json[] =
	"{\"capabilities\":{\"max_msg_fds\":16,"
	"\"max_data_xfer_size\":1048576,\"write_multiple\":true,"
	"\"pgsizes\":4096}}";

/* ---- version ---- */

static int do_version(struct vfu *v, struct vfu_msg *m)
{
	uint8_t out[VFU_VERSION_JSON + sizeof(version_json)];
	uint16_t minor;
	size_t json_len;

	if (m->len < VFU_VERSION_JSON)
		return -EINVAL;
	json_len = m->len - VFU_VERSION_JSON;
	if (json_len) {
		const char *text = (const char *)m->body + VFU_VERSION_JSON;
		cJSON *json;
		bool ok;

		if (text[json_len - 1] != '\0')
			return -EINVAL;
		json = cJSON_Parse(text);
		ok = cJSON_IsObject(json);
		cJSON_Delete(json);
		if (!ok)
			return -EINVAL;
	}
	if (get_le16(m->body) != VFU_MAJOR)
		return -EINVAL;
	put_le16(out, VFU_MAJOR);
	/* The lower of both: QEMU 11 knows 0.0 and refuses anything above. */
	minor = get_le16(m->body + 2);
	put_le16(out + 2, minor < VFU_MINOR ? minor : VFU_MINOR);
	memcpy(out + VFU_VERSION_JSON, version_json, sizeof(version_json));
	vfu_reply(v, m, 0, out, sizeof(out));
	v->ready = true;
	pcidev_attach_host(v->dev, &vfu_host_ops, v);
	return 0;
}

/* ---- guest memory ---- */

static int check_map_fd(int fd, uint64_t offset, uint64_t size)
{
	struct statfs fs;
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return -EINVAL;
	if (offset + size < offset || offset + size > (uint64_t)st.st_size)
		return -EINVAL;
	/* A lost huge page could not be replaced by a small one (guard.c). */
	if (fstatfs(fd, &fs) || fs.f_type == HUGETLBFS_MAGIC)
		return -EOPNOTSUPP;
	return 0;
}

static bool overlaps_any(const struct vfu *v, uint64_t iova, uint64_t size)
{
	unsigned int i;

	for (i = 0; i < v->nr_maps; i++) {
		const struct vfu_map *map = &v->maps[i];

		if (map->iova <= iova + (size - 1) &&
		    iova <= map->iova + (map->len - 1))
			return true;
	}
	return false;
}

static int map_host(struct vfu *v, int fd, uint64_t offset, uint64_t iova,
		    uint64_t size, uint32_t flags, void **host)
{
	unsigned int prot = 0;
	int mprot = 0;
	int ret;

	ret = check_map_fd(fd, offset, size);
	if (ret)
		return ret;
	if (flags & VFU_MAP_FLAG_READ) {
		prot |= MEM_PROT_READ;
		mprot |= PROT_READ;
	}
	if (flags & VFU_MAP_FLAG_WRITE) {
		prot |= MEM_PROT_WRITE;
		mprot |= PROT_WRITE | PROT_READ;
	}
	*host = mmap(NULL, size, mprot, MAP_SHARED, fd, (off_t)offset);
	if (*host == MAP_FAILED)
		return -errno;
	ret = guard_add(*host, size);
	if (ret)
		goto err_munmap;
	ret = mem_map(&v->dev->mem, iova, size, *host, prot);
	if (ret)
		goto err_guard;
	return 0;

err_guard:
	guard_del(*host);
err_munmap:
	munmap(*host, size);
	return ret;
}

static int do_dma_map(struct vfu *v, struct vfu_msg *m)
{
	uint64_t offset, iova, size;
	uint32_t flags;
	void *host = NULL;

	if (m->len < VFU_MAP_LEN || m->nr_fds > 1)
		return -EINVAL;
	flags = get_le32(m->body + VFU_MAP_FLAGS);
	offset = get_le64(m->body + VFU_MAP_OFFSET);
	iova = get_le64(m->body + VFU_MAP_IOVA);
	size = get_le64(m->body + VFU_MAP_SIZE);
	if (flags & ~(VFU_MAP_FLAG_READ | VFU_MAP_FLAG_WRITE) || !size ||
	    iova + (size - 1) < iova || (offset | size | iova) & 0xfff)
		return -EINVAL;
	if (v->nr_maps == VFU_MAX_MAPS)
		return -ENOSPC;
	if (overlaps_any(v, iova, size))
		return -EEXIST;
	if (m->nr_fds) {
		int ret = map_host(v, m->fds[0], offset, iova, size, flags,
				   &host);
		if (ret)
			return ret;
	}
	v->maps[v->nr_maps++] = (struct vfu_map){ iova, size, host };
	vfu_reply(v, m, 0, NULL, 0);
	return 0;
}

static void unmap_one(struct vfu *v, unsigned int i)
{
	struct vfu_map *map = &v->maps[i];

	if (map->host) {
		mem_unmap(&v->dev->mem, map->iova, map->len);
		guard_del(map->host);
		munmap(map->host, map->len);
	}
	v->maps[i] = v->maps[--v->nr_maps];
}

void vfu_unmap_all(struct vfu *v)
{
	while (v->nr_maps)
		unmap_one(v, v->nr_maps - 1);
}

/* Whole mappings inside the range go; cutting one in two is refused. */
static int unmap_range(struct vfu *v, uint64_t iova, uint64_t size)
{
	uint64_t last = iova + (size - 1);
	bool found = false;
	unsigned int i;

	if (!size || last < iova)
		return -EINVAL;
	for (i = 0; i < v->nr_maps; i++) {
		uint64_t map_last = v->maps[i].iova + (v->maps[i].len - 1);

		if (v->maps[i].iova > last || map_last < iova)
			continue;
		if (v->maps[i].iova < iova || map_last > last)
			return -EINVAL;
		found = true;
	}
	if (!found)
		return -ENOENT;
	for (i = v->nr_maps; i-- > 0;)
		if (v->maps[i].iova >= iova && v->maps[i].iova <= last)
			unmap_one(v, i);
	return 0;
}

static int do_dma_unmap(struct vfu *v, struct vfu_msg *m)
{
	uint32_t flags;

	if (m->len < VFU_UNMAP_LEN)
		return -EINVAL;
	flags = get_le32(m->body + VFU_UNMAP_FLAGS);
	if (flags & ~VFU_UNMAP_FLAG_ALL)
		return -EOPNOTSUPP;
	if (flags & VFU_UNMAP_FLAG_ALL) {
		vfu_unmap_all(v);
	} else {
		int ret = unmap_range(v, get_le64(m->body + VFU_UNMAP_IOVA),
				      get_le64(m->body + VFU_UNMAP_SIZE));
		if (ret)
			return ret;
	}
	vfu_reply(v, m, 0, m->body, VFU_UNMAP_LEN);
	return 0;
}

/* ---- information ---- */

static int do_get_info(struct vfu *v, struct vfu_msg *m)
{
	uint8_t out[VFU_INFO_LEN];

	if (m->len < VFU_INFO_LEN)
		return -EINVAL;
	put_le32(out, VFU_INFO_LEN);
	put_le32(out + 4, VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI);
	put_le32(out + 8, VFIO_PCI_NUM_REGIONS);
	put_le32(out + 12, VFIO_PCI_NUM_IRQS);
	vfu_reply(v, m, 0, out, sizeof(out));
	return 0;
}

static uint64_t region_size(uint32_t region)
{
	switch (region) {
	case VFIO_PCI_BAR0_REGION_INDEX:
		return PCIDEV_BAR_IO_SIZE;
	case VFIO_PCI_BAR1_REGION_INDEX:
		return PCIDEV_BAR_MEM_SIZE;
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return PCIDEV_CFG_SIZE;
	default:
		return 0;
	}
}

static int do_get_region_info(struct vfu *v, struct vfu_msg *m)
{
	uint8_t out[VFU_REGION_INFO_LEN] = { 0 };
	uint32_t index;

	if (m->len < VFU_REGION_INFO_LEN)
		return -EINVAL;
	index = get_le32(m->body + VFU_REGION_INFO_INDEX);
	if (index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;
	put_le32(out, VFU_REGION_INFO_LEN);
	if (region_size(index))
		put_le32(out + 4, VFIO_REGION_INFO_FLAG_READ |
					  VFIO_REGION_INFO_FLAG_WRITE);
	put_le32(out + 8, index);
	put_le64(out + 16, region_size(index));
	vfu_reply(v, m, 0, out, sizeof(out));
	return 0;
}

static int do_get_irq_info(struct vfu *v, struct vfu_msg *m)
{
	uint8_t out[VFU_IRQ_INFO_LEN];
	uint32_t flags = 0;
	uint32_t index;

	if (m->len < VFU_IRQ_INFO_LEN)
		return -EINVAL;
	index = get_le32(m->body + VFU_IRQ_INFO_INDEX);
	if (index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;
	if (vfu_irq_count(v, index))
		flags = VFIO_IRQ_INFO_EVENTFD;
	if (index == VFIO_PCI_INTX_IRQ_INDEX)
		flags |= VFIO_IRQ_INFO_MASKABLE | VFIO_IRQ_INFO_AUTOMASKED;
	put_le32(out, VFU_IRQ_INFO_LEN);
	put_le32(out + 4, flags);
	put_le32(out + 8, index);
	put_le32(out + 12, vfu_irq_count(v, index));
	vfu_reply(v, m, 0, out, sizeof(out));
	return 0;
}

/* ---- regions ---- */

static int check_access(uint32_t region, uint64_t offset, uint32_t count)
{
	uint64_t size;

	if (region >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;
	size = region_size(region);
	if (!count || offset >= size || count > size - offset)
		return -EINVAL;
	if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		return 0;
	/* Registers are accessed one at a time. */
	if ((count != 1 && count != 2 && count != 4 && count != 8) ||
	    offset % count)
		return -EINVAL;
	return 0;
}

static int do_region_read(struct vfu *v, struct vfu_msg *m)
{
	uint8_t out[VFU_RW_DATA + PCIDEV_CFG_SIZE];
	uint32_t region, count;
	uint64_t offset;
	int ret;

	if (m->len < VFU_RW_DATA)
		return -EINVAL;
	offset = get_le64(m->body + VFU_RW_OFFSET);
	region = get_le32(m->body + VFU_RW_REGION);
	count = get_le32(m->body + VFU_RW_COUNT);
	ret = check_access(region, offset, count);
	if (ret)
		return ret;
	memcpy(out, m->body, VFU_RW_DATA);
	if (region == VFIO_PCI_CONFIG_REGION_INDEX) {
		pcidev_cfg_read(v->dev, (uint32_t)offset, out + VFU_RW_DATA,
				count);
	} else {
		uint8_t val[8];

		put_le64(val, pcidev_bar_read(v->dev, region, (uint32_t)offset,
					      count));
		memcpy(out + VFU_RW_DATA, val, count);
	}
	vfu_reply(v, m, 0, out, VFU_RW_DATA + count);
	return 0;
}

static int write_region(struct vfu *v, uint32_t region, uint64_t offset,
			uint32_t count, const uint8_t *data)
{
	uint8_t val[8] = { 0 };
	int ret = check_access(region, offset, count);

	if (ret)
		return ret;
	if (region == VFIO_PCI_CONFIG_REGION_INDEX) {
		pcidev_cfg_write(v->dev, (uint32_t)offset, data, count);
		return 0;
	}
	memcpy(val, data, count);
	pcidev_bar_write(v->dev, region, (uint32_t)offset, count,
			 get_le64(val));
	return 0;
}

static int do_region_write(struct vfu *v, struct vfu_msg *m)
{
	uint32_t count;
	int ret;

	if (m->len < VFU_RW_DATA)
		return -EINVAL;
	count = get_le32(m->body + VFU_RW_COUNT);
	if (count > m->len - VFU_RW_DATA)
		return -EINVAL;
	ret = write_region(v, get_le32(m->body + VFU_RW_REGION),
			   get_le64(m->body + VFU_RW_OFFSET), count,
			   m->body + VFU_RW_DATA);
	if (ret)
		return ret;
	vfu_reply(v, m, 0, m->body, VFU_RW_DATA);
	return 0;
}

static int do_write_multi(struct vfu *v, struct vfu_msg *m)
{
	const uint8_t *p = m->body + VFU_MULTI_FIRST;
	uint8_t out[VFU_MULTI_FIRST];
	uint64_t nr, i;

	if (m->len < VFU_MULTI_FIRST)
		return -EINVAL;
	nr = get_le64(m->body + VFU_MULTI_COUNT);
	if (nr > (m->len - VFU_MULTI_FIRST) / VFU_MULTI_STEP)
		return -EINVAL;
	for (i = 0; i < nr; i++, p += VFU_MULTI_STEP) {
		uint32_t count = get_le32(p + VFU_RW_COUNT);
		int ret;

		if (count > 8)
			return -EINVAL;
		ret = write_region(v, get_le32(p + VFU_RW_REGION),
				   get_le64(p + VFU_RW_OFFSET), count,
				   p + VFU_RW_DATA);
		if (ret)
			return ret;
	}
	put_le64(out, nr);
	vfu_reply(v, m, 0, out, sizeof(out));
	return 0;
}

static int do_reset(struct vfu *v, struct vfu_msg *m)
{
	pcidev_reset(v->dev, PCIDEV_RESET_BUS);
	vfu_reply(v, m, 0, NULL, 0);
	return 0;
}

static int do_set_irqs(struct vfu *v, struct vfu_msg *m)
{
	int ret = vfu_set_irqs(v, m);

	if (!ret)
		vfu_reply(v, m, 0, NULL, 0);
	return ret;
}

/* A handler answers by itself, or returns the error to answer. */
static int (*const handlers[])(struct vfu *v, struct vfu_msg *m) = {
	[VFU_VERSION] = do_version,
	[VFU_DMA_MAP] = do_dma_map,
	[VFU_DMA_UNMAP] = do_dma_unmap,
	[VFU_GET_INFO] = do_get_info,
	[VFU_GET_REGION_INFO] = do_get_region_info,
	[VFU_GET_IRQ_INFO] = do_get_irq_info,
	[VFU_SET_IRQS] = do_set_irqs,
	[VFU_REGION_READ] = do_region_read,
	[VFU_REGION_WRITE] = do_region_write,
	[VFU_RESET] = do_reset,
	[VFU_REGION_WRITE_MULTI] = do_write_multi,
};

void vfu_dispatch(struct vfu *v, struct vfu_msg *m)
{
	int ret = -EOPNOTSUPP;

	if (v->ready == (m->cmd == VFU_VERSION)) {
		v->broken = v->ready ? "a second version message" :
				       "no version message first";
		return;
	}
	if (m->cmd < ARRAY_SIZE(handlers) && handlers[m->cmd])
		ret = handlers[m->cmd](v, m);
	if (!ret)
		return;
	judge_raise(v->dev->jp, VERDICT_VFU_REFUSED,
		    "command %u of %zu bytes: %s", m->cmd, m->len,
		    strerror(-ret));
	vfu_reply(v, m, ret, NULL, 0);
	if (!v->ready)
		v->broken = "a version message that is not understood";
}
