// SPDX-License-Identifier: GPL-2.0
/*
 * Policy against a second opinion: the rules written down as a table, the
 * first that fits decides, and every combination of facts is tried.  Then the
 * sentences of the summary.
 */
#include "vtd_test.h"
#include "boot/policy.c"
#include "boot/summary.c"

/* Facts of the enable decision, one bit each */
enum {
	F_TBOOT = 1, F_NOFORCE = 2, F_NO_IOMMU = 4, F_ON = 8, F_OFF = 16,
	F_CONFIG_OFF = 32, F_OPT_IN = 64, F_PORTS = 128, F_OPT_OUT = 256,
	F_ALL = 511,
};

struct rule {
	unsigned int need, forbid;
	bool enable, fatal, make_identity;
	enum vtd_reason why;
};

/* As the documentation tells it, from strongest to weakest */
static const struct rule rules[] = {
	{ F_OPT_OUT, 0, false, false, false, VTD_WHY_FIRMWARE },
	{ F_TBOOT, F_NOFORCE, true, true, false, VTD_WHY_TBOOT },
	{ F_NO_IOMMU, 0, false, false, false, VTD_WHY_NO_IOMMU },
	{ F_ON, 0, true, false, false, VTD_WHY_OPTION },
	{ F_OFF, 0, false, false, false, VTD_WHY_OPTION },
	{ 0, F_CONFIG_OFF, true, false, false, VTD_WHY_CONFIG },
	{ F_OPT_IN | F_PORTS, 0, true, false, true, VTD_WHY_PLATFORM },
	{ 0, 0, false, false, false, VTD_WHY_CONFIG },
};

static const struct rule *rule_for(unsigned int bits)
{
	const struct rule *r = rules;

	while ((bits & r->need) != r->need || (bits & r->forbid))
		r++;
	return r;
}

static struct vtd_facts facts_of(unsigned int bits)
{
	return (struct vtd_facts) {
		.options.tboot_noforce = bits & F_NOFORCE,
		.options.on = bits & F_ON,
		.options.off = bits & F_OFF,
		.config = bits & F_CONFIG_OFF ? VTD_DEFAULT_OFF : VTD_DEFAULT_ON,
		.no_iommu = bits & F_NO_IOMMU,
		.tboot = bits & F_TBOOT,
		.platform_opt_in = bits & F_OPT_IN,
		.external_ports = bits & F_PORTS,
		.platform_opt_out = bits & F_OPT_OUT,
	};
}

static void on_or_off_follows_the_rules(void)
{
	for (unsigned int bits = 0; bits <= F_ALL; bits++) {
		if ((bits & (F_ON | F_OFF)) == (F_ON | F_OFF))
			continue;	/* the parser never gives both */
		for (unsigned int more = 0; more < 8; more++) {
			struct vtd_facts f = facts_of(bits);
			const struct rule *r = rule_for(bits);
			struct vtd_policy p;

			if (more & 4 && f.config == VTD_DEFAULT_ON)
				f.config = VTD_DEFAULT_ON_INTGPU_OFF;
			f.core_identity = more & 1;
			f.kdump = more & 2;
			p = vtd_policy_decide(&f);
			EXPECT_EQ(p.enable, r->enable);
			EXPECT_EQ(p.fatal, r->fatal);
			EXPECT_EQ(p.why, r->why);
			EXPECT_EQ(p.make_identity_default, r->make_identity);
			EXPECT_EQ(p.identity, f.core_identity || r->make_identity);
			EXPECT_EQ(p.keep_tables, f.kdump && r->enable);
			EXPECT_EQ(p.drop_protected, !r->enable && (bits & F_NOFORCE) != 0);
			if (vtd_test_failures) {
				printf("# facts 0x%x more %u\n", bits, more);
				return;
			}
		}
	}
}

/* Where no unit answers, only a measured launch goes on to late init, to end there */
static void late_init_is_not_missed(void)
{
	for (unsigned int bits = 0; bits <= F_ALL; bits++) {
		struct vtd_facts f = facts_of(bits);
		struct vtd_policy p = vtd_policy_decide(&f);

		EXPECT(vtd_policy_late(&p, 1));
		EXPECT_EQ(vtd_policy_late(&p, 0),
			  (bits & F_TBOOT) && !(bits & (F_NOFORCE | F_OPT_OUT)));
	}
}

static void no_parameter_means_kconfig(void)
{
	struct vtd_facts f = { .config = VTD_DEFAULT_ON };

	EXPECT(vtd_policy_decide(&f).enable);
	EXPECT(vtd_policy_decide(&f).translate_intgpu);
	f.config = VTD_DEFAULT_ON_INTGPU_OFF;
	EXPECT(vtd_policy_decide(&f).enable);
	EXPECT(!vtd_policy_decide(&f).translate_intgpu);
	f.config = VTD_DEFAULT_OFF;
	EXPECT(!vtd_policy_decide(&f).enable);
}

static void each_reason_has_its_words(void)
{
	static const struct {
		struct vtd_policy p;
		const char *words;
	} rows[] = {
		{ { .why = VTD_WHY_CONFIG }, "kernel configuration" },
		{ { .why = VTD_WHY_OPTION, .enable = true }, "intel_iommu=on" },
		{ { .why = VTD_WHY_OPTION }, "intel_iommu=off" },
		{ { .why = VTD_WHY_NO_IOMMU }, "iommu=off" },
		{ { .why = VTD_WHY_FIRMWARE },
		  "firmware's table forbids to remap DMA; no option overrides that" },
		{ { .why = VTD_WHY_TBOOT, .enable = true }, "measured launch (tboot)" },
		{ { .why = VTD_WHY_PLATFORM, .enable = true },
		  "firmware asks for protection of external ports" },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_STR(vtd_policy_why(&rows[i].p), rows[i].words);
}

/*
 * Of several causes the user's own word is told first, then what the core was
 * told or built to do
 */
static void strict_has_five_causes(void)
{
	static const char * const causes[] = {
		"intel_iommu=strict", "iommu.strict", "caching mode",
		"graphics quirk of this machine",
	};

	for (unsigned int bits = 0; bits < 32; bits++) {
		struct vtd_facts f = {
			.options.strict = bits & 1,
			.core_strict = bits & 2,
			.caching_mode = bits & 4,
			.strict_quirk = bits & 8,
			.core_strict_given = bits & 16,
		};
		struct vtd_policy p = vtd_policy_decide(&f);
		bool strict = bits & 15;

		EXPECT_EQ(p.strict, strict);
		EXPECT_EQ(p.set_strict, (bits & 13) != 0);
		if ((bits & 19) == 2)
			EXPECT_STR(p.why_strict, "kernel configuration");
		else if (strict)
			EXPECT_STR(p.why_strict, causes[__builtin_ctz(bits)]);
		else
			EXPECT(!p.why_strict);
	}
}

static void graphics_by_option_and_quirk(void)
{
	for (unsigned int bits = 0; bits < 16; bits++) {
		for (int config = VTD_DEFAULT_ON; config <= VTD_DEFAULT_OFF; config++) {
			struct vtd_facts f = {
				.options.igfx_off = bits & 1,
				.options.intgpu_off = bits & 2,
				.options.on = bits & 4,
				.graphics_quirk = bits & 8,
				.config = config,
			};
			struct vtd_policy p = vtd_policy_decide(&f);
			bool intgpu = config == VTD_DEFAULT_ON || (bits & 4);

			EXPECT_EQ(p.translate_graphics, !(bits & 9));
			if (bits & 1)
				EXPECT_STR(p.why_graphics, "intel_iommu=igfx_off");
			else if (bits & 8)
				EXPECT_STR(p.why_graphics, "graphics quirk of this machine");
			else
				EXPECT(!p.why_graphics);
			EXPECT_EQ(p.translate_intgpu, intgpu && !(bits & 2));
		}
	}
}

static void plain_words_are_passed_on(void)
{
	for (unsigned int bits = 0; bits < 16; bits++) {
		struct vtd_facts f = {
			.options.forcedac = bits & 1,
			.options.sp_off = bits & 2,
			.options.sm_on = bits & 4,
			.options.sm_off = bits & 8,
		};
		struct vtd_policy p = vtd_policy_decide(&f);

		EXPECT_EQ(p.forcedac, (bits & 1) != 0);
		EXPECT_EQ(p.large_pages, !(bits & 2));
		EXPECT_EQ(p.scalable, (bits & 4) != 0);
		EXPECT_EQ(p.no_scalable, (bits & 8) != 0);
	}
}

/*
 * untrusted, identity impossible, erratum, integrated graphics, GPU translated,
 * named by intel_iommu.translate=, by intel_iommu.identity=
 */
static const struct { char when[8]; int type; } types[] = {
	{ "1......", IOMMU_DOMAIN_DMA },
	{ ".1.....", IOMMU_DOMAIN_DMA },
	{ "..1....", IOMMU_DOMAIN_IDENTITY },
	{ ".....1.", IOMMU_DOMAIN_DMA },
	{ "......1", IOMMU_DOMAIN_IDENTITY },
	{ "...10..", IOMMU_DOMAIN_IDENTITY },
	{ ".......", 0 },
};

static int type_for(unsigned int bits)
{
	for (unsigned int i = 0;; i++) {
		bool fits = true;

		for (unsigned int b = 0; b < 7; b++)
			if (types[i].when[b] != '.' &&
			    types[i].when[b] != (bits & 1u << b ? '1' : '0'))
				fits = false;
		if (fits)
			return types[i].type;
	}
}

static void domain_type_of_a_device(void)
{
	for (unsigned int bits = 0; bits < 128; bits++) {
		struct vtd_device_facts dev = {
			.untrusted = bits & 1,
			.identity_works = !(bits & 2),
			.needs_identity = bits & 4,
			.integrated_graphics = bits & 8,
			.wants_translation = bits & 32,
			.wants_identity = bits & 64,
		};
		struct vtd_policy p = { .translate_intgpu = bits & 16 };

		EXPECT_EQ(vtd_policy_domain_type(&p, &dev), type_for(bits));
	}
}

/* What still does DMA for the kernel before would reach any memory with identity */
static void what_inherits_is_never_identity(void)
{
	for (unsigned int bits = 0; bits < 16; bits++) {
		struct vtd_device_facts d = {
			.inherits = true, .identity_works = true,
			.needs_identity = bits & 1, .wants_identity = bits & 2,
			.integrated_graphics = bits & 4,
		};
		struct vtd_policy p = { .identity = bits & 8 };

		EXPECT_EQ(vtd_policy_domain_type(&p, &d), IOMMU_DOMAIN_DMA);
	}
}

static void untrusted_is_never_identity(void)
{
	for (unsigned int bits = 0; bits < 256; bits++) {
		struct vtd_device_facts dev = {
			.untrusted = true,
			.identity_works = bits & 1,
			.needs_identity = bits & 2,
			.integrated_graphics = bits & 4,
			.wants_identity = true,
		};
		struct vtd_policy p = {
			.enable = bits & 8, .identity = bits & 16,
			.make_identity_default = bits & 32,
			.translate_intgpu = bits & 64, .translate_graphics = bits & 128,
		};

		EXPECT_EQ(vtd_policy_domain_type(&p, &dev), IOMMU_DOMAIN_DMA);
	}
}

static const struct vtd_unit_facts good = {
	.name = "dmar1", .translating = true, .max_leaf = 3, .width = 39, .pass_through = true,
};

static char text[VTD_SUMMARY_SIZE];

#define EXPECT_HAS(line, part) EXPECT(strstr((line), (part)))

static const char *say(const struct vtd_facts *f, const struct vtd_unit_facts *u, unsigned int n)
{
	struct vtd_policy p = vtd_policy_decide(f);
	int len = vtd_policy_summary(text, sizeof(text), &p, u, n);

	EXPECT_EQ(len, strlen(text));
	return text;
}

static void summary_of_two_different_units(void)
{
	struct vtd_facts f = { .options.on = true, .options.strict = true };
	struct vtd_unit_facts u[2] = { good, good };

	u[0].name = "dmar0";
	u[0].max_leaf = 1;
	u[0].pass_through = false;
	EXPECT_STR(say(&f, u, 2),
		   "on: 2 of 2 units translating; why: intel_iommu=on; default domain: translated, strict (intel_iommu=strict); address bits 39; large pages none on dmar0, 2M 1G on dmar1; table walks not coherent");
	f.core_identity = true;
	EXPECT_HAS(say(&f, u, 2),
		   "default domain: identity (through tables on dmar0: no pass-through); translated domains: strict");
	u[0].pass_through = true;
	EXPECT_HAS(say(&f, u, 2),
		   "default domain: identity; translated domains: strict");
}

static void summary_names_what_is_off(void)
{
	struct vtd_facts f = { 0 };
	struct vtd_unit_facts u[2] = { good, good };

	u[0].name = "dmar0";
	u[0].translating = false;
	u[0].why_off = "registers read all ones";
	u[0].width = 48;
	EXPECT_STR(say(&f, u, 2),
		   "on: 1 of 2 units translating; why: kernel configuration; default domain: translated, lazy; address bits 39; large pages 2M 1G; table walks not coherent; dmar0 off: registers read all ones");
	u[0].name = NULL;
	u[0].base = 0xfed91000;
	EXPECT_HAS(say(&f, u, 2), "; unit at 0xfed91000 off: registers read all ones");
	u[0].name = "dmar0";
	u[1].translating = false;
	EXPECT_STR(say(&f, u, 2),
		   "off: 0 of 2 units translating; although: kernel configuration; dmar0 off: registers read all ones; dmar1 off: not brought up");
	EXPECT_STR(say(&f, NULL, 0),
		   "off: no remapping unit in use; although: kernel configuration");
	f.config = VTD_DEFAULT_OFF;
	EXPECT_STR(say(&f, NULL, 0), "off: no remapping unit in use");
	f.options.off = true;
	EXPECT_STR(say(&f, u, 2), "off: 0 of 2 units translating; why: intel_iommu=off");
	u[1].translating = true;
	EXPECT_HAS(say(&f, u, 2),
		   "on: 1 of 2 units translating; although: intel_iommu=off;");
}

static void summary_of_options(void)
{
	struct vtd_facts f = { .options.on = true, .options.sp_off = true, .options.sm_on = true,
			       .options.intgpu_off = true };

	EXPECT_HAS(say(&f, &good, 1),
		   "; large pages none (intel_iommu=sp_off)");
	EXPECT(strstr(text, "; integrated graphics: identity"));
	EXPECT(strstr(text, "; mode legacy"));
	f = (struct vtd_facts){ .caching_mode = true };
	EXPECT_HAS(say(&f, &good, 1),
		   "translated, strict (caching mode)");
	EXPECT(!strstr(text, "; mode") && !strstr(text, "graphics"));
}

static void summary_of_modes(void)
{
	struct vtd_facts f = { .options.on = true, .options.sm_on = true };
	struct vtd_unit_facts u[] = { good, good };

	u[0].scalable = true;
	u[0].name = "dmar0";
	EXPECT_HAS(say(&f, u, 1), "; mode scalable");
	EXPECT_HAS(say(&f, u, 2), "; mode legacy on dmar1, scalable on dmar0");
	u[0].first_stage = true;
	EXPECT_HAS(say(&f, u, 1), "; mode scalable (first-stage tables)");
	u[0].first_stage = false;
	f.options = (struct vtd_options) { .on = true, .sm_off = true };
	EXPECT_HAS(say(&f, u + 1, 1), "; mode legacy");
	f = (struct vtd_facts) { .options.on = true, .scalable_config = true };
	EXPECT_HAS(say(&f, u, 2), "; mode legacy on dmar1, scalable on dmar0");
}

/* Each unit by its own words, and one reason for each that stays in legacy mode */
static void scalable_mode(void)
{
	for (unsigned int bits = 0; bits < 512; bits++) {
		struct vtd_policy p = {
			.scalable = bits & 1, .no_scalable = bits & 2,
			.scalable_default = bits & 32,
		};
		struct vtd_caps caps = {
			.scalable = bits & 4, .second_stage = bits & 8, .qi = bits & 16,
			.first_stage = bits & 256,
			.pasid_bits = bits & 64 ? 20 : 0, .dirty = bits & 128,
		};
		bool asked = bits & 1, gains = (bits & 32) && (bits & (64 | 128));
		bool can = (bits & (2 | 4 | 16)) == (4 | 16) && (bits & (8 | 256));
		const char *why = "";

		EXPECT_EQ(vtd_policy_scalable(&p, &caps, VTD_FOUND_NOTHING, &why),
			  can && (asked || gains));
		EXPECT_EQ(!why, can && (asked || gains));
		if (bits & 2)
			EXPECT_STR(why, "intel_iommu=sm_off");
		else if (!(bits & 4))
			EXPECT_STR(why, "the unit has no other");
		else if (!(bits & (1 | 32)))
			EXPECT_STR(why, "intel_iommu=sm_on was not given");
		else if (!asked && !gains)
			EXPECT_HAS(why, "nothing would be gained");
		else if (!(bits & (8 | 256)))
			EXPECT_STR(why, "the unit walks no page tables in scalable mode");
	}
}

/* Kconfig's word counts where the user said nothing, and not against a dump */
static void scalable_default(void)
{
	struct vtd_caps caps = {
		.scalable = true, .second_stage = true, .qi = true, .dirty = true,
		.pasid_bits = 20,
	};
	const char *why;

	for (unsigned int bits = 0; bits < 16; bits++) {
		struct vtd_facts f = {
			.scalable_config = bits & 1, .options.sm_on = bits & 2,
			.options.sm_off = bits & 4, .crash_reserved = bits & 8,
		};
		struct vtd_policy p = vtd_policy_decide(&f);

		EXPECT_EQ(p.scalable_default, bits == 1);
		EXPECT_EQ(p.scalable, (bits & 2) != 0);
		EXPECT_EQ(vtd_policy_scalable(&p, &caps, VTD_FOUND_NOTHING, &why),
			  bits == 1 || (bits & 6) == 2);
		if (bits == 9)
			EXPECT_HAS(why, "crash kernel");
	}
}

/* A unit that has to go on translating goes on in the mode that it has, if it can */
static void mode_that_was_found(void)
{
	for (unsigned int bits = 0; bits < 32; bits++) {
		struct vtd_policy p = { .scalable = bits & 1, .no_scalable = bits & 2 };
		struct vtd_caps caps = {
			.scalable = bits & 4, .second_stage = bits & 8, .qi = bits & 16,
		};
		const char *why = "";

		EXPECT_EQ(vtd_policy_scalable(&p, &caps, VTD_FOUND_SCALABLE, &why),
			  (bits & (4 | 8 | 16)) == (4 | 8 | 16));
		EXPECT_EQ(!why, (bits & (4 | 8 | 16)) == (4 | 8 | 16));
		EXPECT(!vtd_policy_scalable(&p, &caps, VTD_FOUND_LEGACY, &why));
		EXPECT_STR(why, "found translating in legacy mode, and may not stop");
	}
}

static void what_was_left_on(void)
{
	for (unsigned int bits = 0; bits < 8; bits++) {
		struct vtd_leftover left = {
			.other_mode = bits & 4, .must_keep = bits & 2, .keep = bits & 1,
		};
		const char *words = NULL;
		bool off = vtd_policy_leftover(&left, &words);

		/* A change of mode under a unit that translates is undefined */
		EXPECT_EQ(off, left.other_mode || !bits);
		EXPECT_EQ(!strstr(words, "stays on"), off);
		EXPECT_EQ(!!strstr(words, "switching it off"), off);
	}
}

static void summary_tells_of_interrupts(void)
{
	struct vtd_facts f = { .unverified = true };

	EXPECT_HAS(say(&f, &good, 1), "; interrupts: source NOT verified (intremap=nosid)");
	f.options.off = true;
	EXPECT_HAS(say(&f, NULL, 0), "; interrupts: source NOT verified (intremap=nosid)");
	f.unverified = false;
	EXPECT(!strstr(say(&f, &good, 1), "interrupts"));
}

static void summary_stays_inside_its_buffer(void)
{
	struct vtd_facts f = { .core_identity = true, .options.sm_on = true };
	struct vtd_policy p = vtd_policy_decide(&f);
	static struct vtd_unit_facts u[1024];
	static char names[1024][16];

	for (unsigned int i = 0; i < 1024; i++) {
		snprintf(names[i], sizeof(names[i]), "dmar%u", i);
		u[i] = good;
		u[i].name = names[i];
		u[i].translating = i % 3;
		u[i].max_leaf = 1 + i % 4;
		u[i].width = i % 65;
		u[i].coherent = i & 1;
		u[i].pass_through = i & 2;
	}
	for (size_t size = 1; size <= VTD_SUMMARY_SIZE; size++) {
		char *buf = malloc(size);
		int len = vtd_policy_summary(buf, size, &p, u, 1024);

		EXPECT(len < size);
		EXPECT_EQ(len, strlen(buf));
		free(buf);
	}
	EXPECT_EQ(vtd_policy_summary(NULL, 0, &p, u, 1024), -EINVAL);
	EXPECT_EQ(vtd_policy_summary(text, 0, &p, u, 1024), -EINVAL);
}

static void many_units_are_counted(void)
{
	struct vtd_facts f = { 0 };
	struct vtd_unit_facts u[10];

	for (unsigned int i = 0; i < 10; i++) {
		u[i] = good;
		u[i].name = "dmarX";
		u[i].max_leaf = i < 9 ? 3 : 1;
	}
	EXPECT_HAS(say(&f, u, 10),
		   "large pages none on dmarX, 2M 1G on dmarX dmarX dmarX dmarX and 5 more;");
}

VTD_TESTS("policy",
	  TEST(on_or_off_follows_the_rules), TEST(late_init_is_not_missed),
	  TEST(no_parameter_means_kconfig),
	  TEST(each_reason_has_its_words), TEST(strict_has_five_causes),
	  TEST(graphics_by_option_and_quirk), TEST(plain_words_are_passed_on),
	  TEST(domain_type_of_a_device), TEST(untrusted_is_never_identity),
	  TEST(what_inherits_is_never_identity),
	  TEST(summary_of_two_different_units), TEST(summary_names_what_is_off),
	  TEST(summary_of_options), TEST(summary_tells_of_interrupts),
	  TEST(what_was_left_on), TEST(summary_of_modes), TEST(scalable_mode),
	  TEST(scalable_default), TEST(mode_that_was_found),
	  TEST(summary_stays_inside_its_buffer),
	  TEST(many_units_are_counted))
