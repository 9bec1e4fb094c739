/* SPDX-License-Identifier: GPL-2.0 */
/* Where QEMU's multiboot loader enters: 32 bits, flat, paging off, no stack. */
#define MAGIC	0x1badb002
#define FLAGS	0

	.section .text
	.globl	_start
	.balign	4
	.long	MAGIC, FLAGS, -(MAGIC + FLAGS)
_start:
	movl	$stack_end, %esp
	pushl	%ebx			/* the loader's information */
	call	inner
	/* isa-debug-exit: QEMU ends with status 2 * %eax + 1 */
	outl	%eax, $0xf4
1:	hlt
	jmp	1b

	.bss
	.balign	16
	.skip	16384
stack_end:

	.section .note.GNU-stack, "", @progbits
