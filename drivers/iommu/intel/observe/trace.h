/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints of the driver: a leaf that every room may call. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM intel_iommu

#if !defined(VTD_OBSERVE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VTD_OBSERVE_TRACE_H

#include <linux/tracepoint.h>

#include "hw/descriptors.h"
#include "unit/unit.h"

/* A descriptor is about to be put into a unit's invalidation queue */
TRACE_EVENT(qi_submit,
	    TP_PROTO(struct intel_iommu *iommu, u64 lo, u64 hi),
	    TP_ARGS(iommu, lo, hi),
	    TP_STRUCT__entry(__string(unit, iommu->name)
			     __field(u64, lo)
			     __field(u64, hi)),
	    TP_fast_assign(__assign_str(unit);
			   __entry->lo = lo;
			   __entry->hi = hi;),
	    TP_printk("unit=%s type=%s lo=%#018llx hi=%#018llx", __get_str(unit),
		      __print_symbolic(__entry->lo & VTD_DESC_TYPE,
				       { VTD_DESC_CONTEXT, "context" },
				       { VTD_DESC_IOTLB, "iotlb" },
				       { VTD_DESC_PIOTLB, "pasid-iotlb" },
				       { VTD_DESC_DEV_TLB, "device-tlb" },
				       { VTD_DESC_IEC, "interrupt-entry" },
				       { VTD_DESC_WAIT, "wait" },
				       { VTD_DESC_PASID, "pasid-cache" },
				       { VTD_DESC_PASID_TLB, "pasid-device-tlb" }),
		      __entry->lo, __entry->hi)
);

#endif /* VTD_OBSERVE_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH observe
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
