/* SPDX-License-Identifier: GPL-2.0 */
/* Userspace: only the annotation, for headers that name it. */
#ifndef VTD_SHIM_LINUX_RCUPDATE_H
#define VTD_SHIM_LINUX_RCUPDATE_H

#ifndef __rcu
#define __rcu
#endif

#endif /* VTD_SHIM_LINUX_RCUPDATE_H */
