/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints of the driver: a leaf that every room may call. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM intel_iommu

#if !defined(VTD_OBSERVE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VTD_OBSERVE_TRACE_H

#include <linux/pci.h>
#include <linux/tracepoint.h>

#include "hw/descriptors.h"
#include "unit/page_request.h"
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
				       { VTD_DESC_PAGE_RESPONSE, "page-response" },
				       { VTD_DESC_PASID_TLB, "pasid-device-tlb" }),
		      __entry->lo, __entry->hi)
);

/* A device has asked for a page */
TRACE_EVENT(prq_report,
	    TP_PROTO(struct intel_iommu *iommu, const struct vtd_page_request *request,
		     unsigned int verdict),
	    TP_ARGS(iommu, request, verdict),
	    TP_STRUCT__entry(__string(unit, iommu->name)
			     __field(u64, address)
			     __field(u32, pasid)
			     __field(u16, sid)
			     __field(u16, group)
			     __field(bool, read)
			     __field(bool, write)
			     __field(bool, last)
			     __field(unsigned int, verdict)),
	    TP_fast_assign(__assign_str(unit);
			   __entry->address = request->address;
			   __entry->pasid = request->pasid;
			   __entry->sid = request->sid;
			   __entry->group = request->group;
			   __entry->read = request->read;
			   __entry->write = request->write;
			   __entry->last = request->last;
			   __entry->verdict = verdict;),
	    TP_printk("unit=%s %02x:%02x.%x pasid=%#x group=%u addr=%#llx %s%s%s%s",
		      __get_str(unit),
		      PCI_BUS_NUM(__entry->sid), PCI_SLOT(__entry->sid & 0xff),
		      PCI_FUNC(__entry->sid & 0xff), __entry->pasid, __entry->group,
		      __entry->address, __entry->read ? "r" : "", __entry->write ? "w" : "",
		      __entry->last ? " last" : "",
		      __entry->verdict == VTD_PAGE_REFUSED ? " refused" : "")
);

#endif /* VTD_OBSERVE_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH observe
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
