#include "textflag.h"

// func minPlusAVX2(dst, src *int32, n int, c int32)
//
// Eight numbers at a time; the last eight overlap the ones before, which is
// harmless as lowering twice gives the same.
TEXT ·minPlusAVX2(SB), NOSPLIT, $0-28
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	MOVL c+24(FP), BX
	VMOVD BX, X0
	VPBROADCASTD X0, Y0
	XORQ AX, AX
	MOVQ CX, DX
	SUBQ $16, DX
	JL   eight

sixteen:
	VPADDD  (SI)(AX*4), Y0, Y1
	VPADDD  32(SI)(AX*4), Y0, Y2
	VPMINSD (DI)(AX*4), Y1, Y1
	VPMINSD 32(DI)(AX*4), Y2, Y2
	VMOVDQU Y1, (DI)(AX*4)
	VMOVDQU Y2, 32(DI)(AX*4)
	ADDQ    $16, AX
	CMPQ    AX, DX
	JLE     sixteen

eight:
	SUBQ $8, CX
	CMPQ AX, CX
	JGT  last
	VPADDD  (SI)(AX*4), Y0, Y1
	VPMINSD (DI)(AX*4), Y1, Y1
	VMOVDQU Y1, (DI)(AX*4)

last:
	VPADDD  (SI)(CX*4), Y0, Y1
	VPMINSD (DI)(CX*4), Y1, Y1
	VMOVDQU Y1, (DI)(CX*4)
	VZEROUPPER
	RET

// func minOfAVX2(dst, a, b *int32, n int)
TEXT ·minOfAVX2(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), R8
	MOVQ n+24(FP), CX
	XORQ AX, AX
	SUBQ $8, CX

loop:
	CMPQ AX, CX
	JGE  last
	VMOVDQU (SI)(AX*4), Y1
	VPMINSD (R8)(AX*4), Y1, Y1
	VMOVDQU Y1, (DI)(AX*4)
	ADDQ    $8, AX
	JMP     loop

last:
	VMOVDQU (SI)(CX*4), Y1
	VPMINSD (R8)(CX*4), Y1, Y1
	VMOVDQU Y1, (DI)(CX*4)
	VZEROUPPER
	RET
