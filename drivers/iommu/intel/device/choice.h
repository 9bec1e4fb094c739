/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Devices and regions that the command line names: the values of
 * intel_iommu.relax_rmrr=, keep_rmrr=, identity=, translate= and rmrr=.  Parsed
 * before there is an allocator, constant from then on.
 */
#ifndef VTD_DEVICE_CHOICE_H
#define VTD_DEVICE_CHOICE_H

#include <linux/types.h>

/* Most entries that one parameter may have */
#define VTD_CHOICES_MAX		16

/* Room for an entry in words */
#define VTD_CHOICE_TEXT		24

enum vtd_choice_kind {
	VTD_CHOICE_ADDRESS,
	VTD_CHOICE_ID,
	VTD_CHOICE_CLASS,
};

/**
 * struct vtd_choice - one entry: a device by its address, its id or its class
 * @kind: which of the following count
 * @segment: PCI segment
 * @rid: bus << 8 | device << 3 | function
 * @vendor: PCI vendor id
 * @device: PCI device id
 * @class: PCI class code, 24 bits
 * @mask: bits of @class that count
 */
struct vtd_choice {
	enum vtd_choice_kind kind;
	u16 segment;
	u16 rid;
	u16 vendor;
	u16 device;
	u32 class;
	u32 mask;
};

/**
 * struct vtd_choices - all entries of one parameter
 * @count: how many of @choice are filled
 * @choice: the entries, in the order given
 */
struct vtd_choices {
	unsigned int count;
	struct vtd_choice choice[VTD_CHOICES_MAX];
};

/**
 * struct vtd_user_region - a reserved region that firmware forgot
 * @base: first byte
 * @end: last byte, not below @base, less than 2^52
 * @segment: PCI segment of the device that needs it
 * @rid: and its address there
 */
struct vtd_user_region {
	u64 base;
	u64 end;
	u16 segment;
	u16 rid;
};

/**
 * struct vtd_user_regions - the entries of intel_iommu.rmrr=
 * @count: how many of @region are filled
 * @region: the entries, in the order given
 */
struct vtd_user_regions {
	unsigned int count;
	struct vtd_user_region region[VTD_CHOICES_MAX];
};

/* Told of each complaint: one line without newline */
typedef void (*vtd_choice_say_fn)(const char *line);

/* Pure */
void vtd_choice_parse(struct vtd_choices *list, const char *name, bool classes,
		      const char *text, vtd_choice_say_fn say);
void vtd_choice_parse_regions(struct vtd_user_regions *list, const char *text,
			      vtd_choice_say_fn say);
void vtd_choice_text(const struct vtd_choice *c, char *buf, size_t size);
bool vtd_choice_is(const struct vtd_choice *c, const struct vtd_choice *what);
bool vtd_choice_match(const struct vtd_choices *list, const struct vtd_choice *what);

#endif /* VTD_DEVICE_CHOICE_H */
