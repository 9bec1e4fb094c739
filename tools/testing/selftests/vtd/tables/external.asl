// SPDX-License-Identifier: GPL-2.0
// Firmware says that slot 4 of the root bus leads out of the machine.
DefinitionBlock ("", "SSDT", 2, "VTD", "EXTERNAL", 1)
{
	External (\_SB.PCI0.S20, DeviceObj)
	Scope (\_SB.PCI0.S20)
	{
		Name (_DSD, Package ()
		{
			ToUUID ("efcc06cc-73ac-4bc3-bff0-76143807c389"),
			Package () { Package () { "ExternalFacingPort", 1 } }
		})
	}
}
