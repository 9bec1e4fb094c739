/* SPDX-License-Identifier: GPL-2.0 */
/* PASIDs of a device: what PCI has to do with them. */
#ifndef VTD_DEVICE_PASID_H
#define VTD_DEVICE_PASID_H

struct vtd_device;

void vtd_pasid_probe(struct vtd_device *vdev);
void vtd_pasid_release(struct vtd_device *vdev);

#endif /* VTD_DEVICE_PASID_H */
